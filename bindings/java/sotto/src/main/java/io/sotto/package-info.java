/**
 * Recommendations that run, learn and remember in your own process.
 *
 * <p>A program opens a {@link io.sotto.Model} once, and makes a {@link io.sotto.Recommender} for each user:
 *
 * <pre>{@code
 * try (Model model = Model.open(Path.of("model.safetensors"));
 *     Recommender recommender = model.recommender()) {
 *   recommender.observe("85123A");
 *   for (Recommendation best : recommender.recommend(10)) System.out.println(best.item().title());
 * }
 * }</pre>
 *
 * <p><b>The same bytes.</b> The same events on the same model give the same lists and the same states as the command
 * line, the server, the C++ library and the npm package.
 *
 * <p><b>Threads.</b> Any number of threads may use one model. A recommender belongs to one thread at a time; a call
 * that comes while another one is under way throws {@link io.sotto.ErrorCode#IN_USE}, and nothing changes.
 *
 * <p><b>Errors.</b> Whatever is refused is a {@link io.sotto.SottoException} with an {@link io.sotto.ErrorCode}. A
 * refused call has changed nothing. An argument that is {@code null} throws {@link java.lang.NullPointerException}.
 *
 * <p><b>Memory.</b> A model's weights and a user's state lie outside Java's heap: {@code close()} frees them at once. A
 * model or recommender that nobody can reach any more is freed by the garbage collector.
 *
 * <p><b>Units.</b> Scores are logits, comparable within one call. Times are {@link java.time.Instant}s; their fraction
 * of a second is dropped.
 */
package io.sotto;
