// The native methods of io.sotto.Core: each copies what it is given, calls one function of sotto.h, and copies the
// result back. No array is held while the engine works, so that the collector never waits for it. What a function
// refuses becomes an io.sotto.SottoException.
#include <sotto/abi/sotto.h>

#include <jni.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace {

static_assert(sizeof(void*) <= sizeof(jlong));

// Set once, when the library is loaded.
jclass exception_class = nullptr;
jmethodID exception_of_core = nullptr;

// Throws SottoException.ofCore(number, detail); number 0 stands for memory that the system refused.
void raise(JNIEnv* env, std::int32_t result, const char* detail) {
  const auto size = static_cast<jsize>(std::strlen(detail));
  jbyteArray text = env->NewByteArray(size);
  if (text == nullptr) return;  // OutOfMemoryError is pending
  env->SetByteArrayRegion(text, 0, size, reinterpret_cast<const jbyte*>(detail));
  jobject thrown = env->CallStaticObjectMethod(exception_class, exception_of_core, static_cast<jint>(-result), text);
  if (!env->ExceptionCheck()) env->Throw(static_cast<jthrowable>(thrown));
}

void raise_out_of_memory(JNIEnv* env) { raise(env, 0, "the system refused memory"); }

// The result of a call, or 0 where it failed and an exception is pending.
std::int32_t checked(JNIEnv* env, std::int32_t result) {
  if (result >= 0) return result;
  raise(env, result, sotto_error_detail());
  return 0;
}

template <class Handle>
Handle* handle_of(jlong value) {
  return std::bit_cast<Handle*>(static_cast<std::intptr_t>(value));
}

template <class Handle>
jlong value_of(Handle* handle) {
  return static_cast<jlong>(std::bit_cast<std::intptr_t>(handle));
}

std::uint32_t index_of(jint value) { return static_cast<std::uint32_t>(value); }

void copy_from(JNIEnv* env, jintArray from, jsize count, std::uint32_t* to) {
  env->GetIntArrayRegion(from, 0, count, reinterpret_cast<jint*>(to));
}
void copy_from(JNIEnv* env, jfloatArray from, jsize count, float* to) { env->GetFloatArrayRegion(from, 0, count, to); }
void copy_from(JNIEnv* env, jdoubleArray from, jsize count, double* to) {
  env->GetDoubleArrayRegion(from, 0, count, to);
}
void copy_from(JNIEnv* env, jbyteArray from, jsize count, std::uint8_t* to) {
  env->GetByteArrayRegion(from, 0, count, reinterpret_cast<jbyte*>(to));
}

void copy_to(JNIEnv* env, jintArray to, jsize count, const std::uint32_t* from) {
  env->SetIntArrayRegion(to, 0, count, reinterpret_cast<const jint*>(from));
}
void copy_to(JNIEnv* env, jintArray to, jsize count, const std::int32_t* from) {
  env->SetIntArrayRegion(to, 0, count, from);
}
void copy_to(JNIEnv* env, jdoubleArray to, jsize count, const double* from) {
  env->SetDoubleArrayRegion(to, 0, count, from);
}

// Memory of one call. It is empty where the system refused it, and an exception is pending then.
template <class Element>
class Room {
 public:
  Room(JNIEnv* env, std::size_t count) : elements_(static_cast<Element*>(sotto_alloc(count * sizeof(Element)))) {
    if (elements_ == nullptr) raise_out_of_memory(env);
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room() { sotto_free(elements_); }

  explicit operator bool() const { return elements_ != nullptr; }
  [[nodiscard]] Element* data() const { return elements_; }
  Element& operator[](std::size_t index) const { return elements_[index]; }

 private:
  Element* elements_;
};

// A copy of a Java array; of no elements where there is no array.
template <class Element>
class Copy {
 public:
  template <class Array>
  Copy(JNIEnv* env, Array array)
      : count_(array == nullptr ? 0 : env->GetArrayLength(array)), room_(env, static_cast<std::size_t>(count_)) {
    if (room_ && count_ > 0) copy_from(env, array, count_, room_.data());
  }

  explicit operator bool() const { return static_cast<bool>(room_); }
  [[nodiscard]] Element* data() const { return room_.data(); }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(count_); }

 private:
  jsize count_;
  Room<Element> room_;
};

template <std::size_t count>
jlongArray longs(JNIEnv* env, const std::array<jlong, count>& values) {
  jlongArray array = env->NewLongArray(static_cast<jsize>(count));
  if (array != nullptr) env->SetLongArrayRegion(array, 0, static_cast<jsize>(count), values.data());
  return array;
}

// ---- Library and models

jint abi_version(JNIEnv*, jclass) { return static_cast<jint>(sotto_abi_version()); }

jstring release(JNIEnv* env, jclass) { return env->NewStringUTF(SOTTO_RELEASE); }

jlong allocate(JNIEnv* env, jclass, jlong size) {
  void* bytes = size < 0 ? nullptr : sotto_alloc(static_cast<std::size_t>(size));
  if (bytes == nullptr) raise_out_of_memory(env);
  return value_of(bytes);
}

void free_bytes(JNIEnv*, jclass, jlong bytes) { sotto_free(handle_of<void>(bytes)); }

jobject window(JNIEnv* env, jclass, jlong bytes, jlong offset, jint size) {
  return env->NewDirectByteBuffer(handle_of<char>(bytes) + offset, size);
}

jlong open_model(JNIEnv* env, jclass, jlong bytes, jlong size) {
  sotto_model* model = nullptr;
  checked(env, sotto_model_open(handle_of<void>(bytes), static_cast<std::size_t>(size), &model));
  return value_of(model);
}

void free_model(JNIEnv*, jclass, jlong model) { sotto_model_free(handle_of<sotto_model>(model)); }

// fingerprint, items, tier, bits of the temperature
jlongArray describe_model(JNIEnv* env, jclass, jlong model) {
  sotto_model_info info{};
  checked(env, sotto_model_describe(handle_of<sotto_model>(model), &info));
  if (env->ExceptionCheck()) return nullptr;
  return longs(env, std::array<jlong, 4>{static_cast<jlong>(info.fingerprint), info.items, info.tier,
                                         std::bit_cast<std::int32_t>(info.temperature)});
}

void sketch(JNIEnv* env, jclass, jlong model) { checked(env, sotto_model_sketch(handle_of<sotto_model>(model))); }

void set_trend(JNIEnv* env, jclass, jlong model, jintArray items, jfloatArray log_ratios, jfloat prior) {
  const Copy<std::uint32_t> named(env, items);
  if (!named) return;
  const Copy<float> ratios(env, log_ratios);
  if (!ratios) return;
  checked(env, sotto_set_trend(handle_of<sotto_model>(model), named.data(), ratios.data(), named.count(), prior));
}

// ---- Users and workspaces

jlong new_user(JNIEnv* env, jclass, jlong model) {
  sotto_user* user = nullptr;
  checked(env, sotto_user_new(handle_of<sotto_model>(model), &user));
  return value_of(user);
}

void free_user(JNIEnv*, jclass, jlong user) { sotto_user_free(handle_of<sotto_user>(user)); }

void reset_user(JNIEnv* env, jclass, jlong user) { checked(env, sotto_user_reset(handle_of<sotto_user>(user))); }

// events, bytes of the state, remembered events, hidden items, 1 where learning is on
jlongArray describe_user(JNIEnv* env, jclass, jlong user) {
  sotto_user_info info{};
  checked(env, sotto_user_describe(handle_of<sotto_user>(user), &info));
  if (env->ExceptionCheck()) return nullptr;
  return longs(env, std::array<jlong, 5>{info.events, info.state_size, info.history, info.hidden, info.learning});
}

jlong new_workspace(JNIEnv* env, jclass, jlong model) {
  sotto_workspace* workspace = nullptr;
  checked(env, sotto_workspace_new(handle_of<sotto_model>(model), &workspace));
  return value_of(workspace);
}

void free_workspace(JNIEnv*, jclass, jlong workspace) { sotto_workspace_free(handle_of<sotto_workspace>(workspace)); }

// ---- Events and learning

void feedback(JNIEnv* env, jclass, jlong user, jlong workspace, jint item, jint kind, jfloat amount, jdouble time) {
  checked(env, sotto_feedback(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), index_of(item),
                              index_of(kind), amount, time));
}

void recall(JNIEnv* env, jclass, jlong user, jlong workspace, jintArray items, jdoubleArray times) {
  const Copy<std::uint32_t> recalled(env, items);
  if (!recalled) return;
  const Copy<double> at(env, times);
  if (!at) return;
  checked(env, sotto_recall(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), recalled.data(),
                            at.data(), recalled.count()));
}

void set_weight(JNIEnv* env, jclass, jlong user, jint kind, jfloat weight) {
  checked(env, sotto_set_weight(handle_of<sotto_user>(user), index_of(kind), weight));
}

void set_context(JNIEnv* env, jclass, jlong user, jintArray items, jfloat belief) {
  const Copy<std::uint32_t> probable(env, items);
  if (!probable) return;
  checked(env, sotto_set_context(handle_of<sotto_user>(user), probable.data(), probable.count(), belief));
}

void set_learning(JNIEnv* env, jclass, jlong user, jboolean on) {
  checked(env, sotto_set_learning(handle_of<sotto_user>(user), on == JNI_TRUE ? 1 : 0));
}

void show(JNIEnv* env, jclass, jlong user, jint item) {
  checked(env, sotto_show(handle_of<sotto_user>(user), index_of(item)));
}

// ---- What is known about the user

// Fills both arrays, which have the same length, with the latest or first entries that the function writes.
jint timed_items(JNIEnv* env, jlong user, jintArray items, jdoubleArray times,
                 std::int32_t (*read)(const sotto_user*, std::uint32_t*, double*, std::uint32_t)) {
  const jsize capacity = env->GetArrayLength(items);
  const Room<std::uint32_t> read_items(env, static_cast<std::size_t>(capacity));
  if (!read_items) return 0;
  const Room<double> read_times(env, static_cast<std::size_t>(capacity));
  if (!read_times) return 0;
  const auto count = checked(env, read(handle_of<sotto_user>(user), read_items.data(), read_times.data(),
                                       static_cast<std::uint32_t>(capacity)));
  if (env->ExceptionCheck()) return 0;
  const jsize written = count < capacity ? count : capacity;
  copy_to(env, items, written, read_items.data());
  copy_to(env, times, written, read_times.data());
  return written;
}

jint history(JNIEnv* env, jclass, jlong user, jintArray items, jdoubleArray times) {
  return timed_items(env, user, items, times, sotto_history);
}

jint hidden(JNIEnv* env, jclass, jlong user, jintArray items, jdoubleArray until) {
  return timed_items(env, user, items, until, sotto_hidden);
}

// trust, sums of ln p of the model alone and with what was learned, events
jdoubleArray gate(JNIEnv* env, jclass, jlong user) {
  sotto_gate_record record{};
  checked(env, sotto_gate(handle_of<sotto_user>(user), &record));
  if (env->ExceptionCheck()) return nullptr;
  const std::array<double, 4> values{record.trust, record.base_log_likelihood, record.personal_log_likelihood,
                                     static_cast<double>(record.events)};
  jdoubleArray array = env->NewDoubleArray(static_cast<jsize>(values.size()));
  if (array != nullptr) copy_to(env, array, static_cast<jsize>(values.size()), values.data());
  return array;
}

// ---- Scores and recommendations

void scores(JNIEnv* env, jclass, jlong user, jlong workspace, jdouble now, jboolean base, jintArray results) {
  const jsize capacity = env->GetArrayLength(results);
  const Room<std::int32_t> room(env, static_cast<std::size_t>(capacity));
  if (!room) return;
  const auto count =
      checked(env, sotto_scores(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), now,
                                base == JNI_TRUE ? 1 : 0, room.data(), static_cast<std::uint32_t>(capacity)));
  if (!env->ExceptionCheck()) copy_to(env, results, count, room.data());
}

void candidate_scores(JNIEnv* env, jclass, jlong user, jlong workspace, jdouble now, jintArray candidates,
                      jintArray results) {
  const Copy<std::uint32_t> items(env, candidates);
  if (!items) return;
  const Room<std::int32_t> room(env, items.count());
  if (!room) return;
  checked(env, sotto_candidate_scores(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), now,
                                      items.data(), room.data(), items.count()));
  if (!env->ExceptionCheck()) copy_to(env, results, static_cast<jsize>(items.count()), room.data());
}

// Each long is an item in its upper half and the item's score in its lower one.
template <class Ranker>
jlongArray best_items(JNIEnv* env, jintArray exclude, jbyteArray allowed, jint diversity, jboolean base, jint k,
                      Ranker rank) {
  const Copy<std::uint32_t> excluded(env, exclude);
  if (!excluded) return nullptr;
  const Copy<std::uint8_t> mask(env, allowed);
  if (!mask) return nullptr;
  const Room<sotto_scored_item> best(env, static_cast<std::size_t>(k > 0 ? k : 0));
  if (!best) return nullptr;
  sotto_ranking ranking{};
  ranking.exclude = excluded.data();
  ranking.exclude_count = excluded.count();
  ranking.allowed = allowed == nullptr ? nullptr : mask.data();
  ranking.diversity = diversity;
  ranking.base = base == JNI_TRUE ? 1 : 0;
  const std::int32_t found = checked(env, rank(&ranking, best.data(), index_of(k)));
  if (env->ExceptionCheck()) return nullptr;
  jlongArray results = env->NewLongArray(found);
  if (results == nullptr) return nullptr;
  const Room<jlong> packed(env, static_cast<std::size_t>(found));
  if (!packed) return nullptr;
  for (std::size_t place = 0; place < static_cast<std::size_t>(found); ++place) {
    packed[place] =
        static_cast<jlong>((std::uint64_t{best[place].item} << 32) | static_cast<std::uint32_t>(best[place].score));
  }
  env->SetLongArrayRegion(results, 0, found, packed.data());
  return results;
}

jlongArray recommend(JNIEnv* env, jclass, jlong user, jlong workspace, jdouble now, jintArray exclude,
                     jbyteArray allowed, jint diversity, jboolean base, jint k) {
  return best_items(env, exclude, allowed, diversity, base, k,
                    [=](const sotto_ranking* ranking, sotto_scored_item* best, std::uint32_t count) {
                      return sotto_recommend(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), now,
                                             ranking, best, count);
                    });
}

jlongArray popular(JNIEnv* env, jclass, jlong model, jlong workspace, jintArray exclude, jbyteArray allowed,
                   jint diversity, jint k) {
  return best_items(env, exclude, allowed, diversity, JNI_TRUE, k,
                    [=](const sotto_ranking* ranking, sotto_scored_item* best, std::uint32_t count) {
                      return sotto_popular(handle_of<sotto_model>(model), handle_of<sotto_workspace>(workspace),
                                           ranking, best, count);
                    });
}

// Five for each event: item, age, logit, the parts through the history term and through the count expert.
jintArray why(JNIEnv* env, jclass, jlong user, jlong workspace, jint item) {
  std::array<sotto_contribution, SOTTO_MAX_EXPLAINED_EVENTS> contributions{};
  const std::int32_t found = checked(env, sotto_why(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace),
                                                    index_of(item), contributions.data(), SOTTO_MAX_EXPLAINED_EVENTS));
  if (env->ExceptionCheck()) return nullptr;
  static_assert(sizeof(sotto_contribution) == 5 * sizeof(jint));
  const jsize values = 5 * found;
  jintArray results = env->NewIntArray(values);
  if (results != nullptr) {
    env->SetIntArrayRegion(results, 0, values, reinterpret_cast<const jint*>(contributions.data()));
  }
  return results;
}

jint why_trend(JNIEnv* env, jclass, jlong user, jlong workspace, jdouble now, jint item) {
  std::int32_t logit = 0;
  checked(env, sotto_why_trend(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), now, index_of(item),
                               &logit));
  return logit;
}

// ---- Stored state

jbyteArray export_state(JNIEnv* env, jclass, jlong user) {
  sotto_user_info info{};
  checked(env, sotto_user_describe(handle_of<sotto_user>(user), &info));
  if (env->ExceptionCheck()) return nullptr;
  const Room<jbyte> state(env, info.state_size);
  if (!state) return nullptr;
  const std::int32_t size =
      checked(env, sotto_state_export(handle_of<sotto_user>(user), state.data(), info.state_size));
  if (env->ExceptionCheck()) return nullptr;
  jbyteArray results = env->NewByteArray(size);
  if (results != nullptr) env->SetByteArrayRegion(results, 0, size, state.data());
  return results;
}

void import_state(JNIEnv* env, jclass, jlong user, jlong workspace, jbyteArray state) {
  const Copy<std::uint8_t> bytes(env, state);
  if (!bytes) return;
  checked(env, sotto_state_import(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), bytes.data(),
                                  bytes.count()));
}

void merge_state(JNIEnv* env, jclass, jlong user, jlong workspace, jbyteArray state) {
  const Copy<std::uint8_t> bytes(env, state);
  if (!bytes) return;
  checked(env, sotto_state_merge(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), bytes.data(),
                                 bytes.count()));
}

// Pairs of items: theirs and ours, one after the other.
void carry_over_state(JNIEnv* env, jclass, jlong user, jlong workspace, jbyteArray state, jintArray pairs) {
  const Copy<std::uint8_t> bytes(env, state);
  if (!bytes) return;
  const jsize count = env->GetArrayLength(pairs) / 2;
  const Room<sotto_item_pair> paired(env, static_cast<std::size_t>(count));
  if (!paired) return;
  static_assert(sizeof(sotto_item_pair) == 2 * sizeof(jint));
  env->GetIntArrayRegion(pairs, 0, 2 * count, reinterpret_cast<jint*>(paired.data()));
  checked(env, sotto_state_carry_over(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), bytes.data(),
                                      bytes.count(), paired.data(), static_cast<std::uint32_t>(count)));
}

jint relearn(JNIEnv* env, jclass, jlong user, jlong workspace, jint events) {
  return checked(env,
                 sotto_relearn(handle_of<sotto_user>(user), handle_of<sotto_workspace>(workspace), index_of(events)));
}

// JNI takes names and signatures as pointers to what it does not change.
template <class Function>
JNINativeMethod method(const char* name, const char* signature, Function* function) {
  return {const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function)};
}

bool register_methods(JNIEnv* env) {
  jclass core = env->FindClass("io/sotto/Core");
  if (core == nullptr) return false;
  const JNINativeMethod methods[] = {
      method("abiVersion", "()I", abi_version),
      method("release", "()Ljava/lang/String;", release),
      method("allocate", "(J)J", allocate),
      method("free", "(J)V", free_bytes),
      method("window", "(JJI)Ljava/nio/ByteBuffer;", window),
      method("openModel", "(JJ)J", open_model),
      method("freeModel", "(J)V", free_model),
      method("describeModel", "(J)[J", describe_model),
      method("sketch", "(J)V", sketch),
      method("setTrend", "(J[I[FF)V", set_trend),
      method("newUser", "(J)J", new_user),
      method("freeUser", "(J)V", free_user),
      method("resetUser", "(J)V", reset_user),
      method("describeUser", "(J)[J", describe_user),
      method("newWorkspace", "(J)J", new_workspace),
      method("freeWorkspace", "(J)V", free_workspace),
      method("feedback", "(JJIIFD)V", feedback),
      method("recall", "(JJ[I[D)V", recall),
      method("setWeight", "(JIF)V", set_weight),
      method("setContext", "(J[IF)V", set_context),
      method("setLearning", "(JZ)V", set_learning),
      method("show", "(JI)V", show),
      method("history", "(J[I[D)I", history),
      method("hidden", "(J[I[D)I", hidden),
      method("gate", "(J)[D", gate),
      method("scores", "(JJDZ[I)V", scores),
      method("candidateScores", "(JJD[I[I)V", candidate_scores),
      method("recommend", "(JJD[I[BIZI)[J", recommend),
      method("popular", "(JJ[I[BII)[J", popular),
      method("why", "(JJI)[I", why),
      method("whyTrend", "(JJDI)I", why_trend),
      method("exportState", "(J)[B", export_state),
      method("importState", "(JJ[B)V", import_state),
      method("mergeState", "(JJ[B)V", merge_state),
      method("carryOverState", "(JJ[B[I)V", carry_over_state),
      method("relearn", "(JJI)I", relearn),
  };
  return env->RegisterNatives(core, methods, static_cast<jint>(std::size(methods))) == JNI_OK;
}

bool find_exception(JNIEnv* env) {
  jclass local = env->FindClass("io/sotto/SottoException");
  if (local == nullptr) return false;
  exception_class = static_cast<jclass>(env->NewGlobalRef(local));
  if (exception_class == nullptr) return false;
  exception_of_core = env->GetStaticMethodID(exception_class, "ofCore", "(I[B)Lio/sotto/SottoException;");
  return exception_of_core != nullptr;
}

constexpr jint jni_version = JNI_VERSION_10;

JNIEnv* environment_of(JavaVM* vm) {
  void* env = nullptr;
  return vm->GetEnv(&env, jni_version) == JNI_OK ? static_cast<JNIEnv*>(env) : nullptr;
}

}  // namespace

// Where a class or a method is missing, the jar is of another release; the JVM throws what JNI found.
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void*) {
  JNIEnv* env = environment_of(vm);
  if (env == nullptr || !find_exception(env) || !register_methods(env)) return JNI_ERR;
  return jni_version;
}

JNIEXPORT void JNICALL JNI_OnUnload(JavaVM* vm, void*) {
  JNIEnv* env = environment_of(vm);
  if (env != nullptr) env->DeleteGlobalRef(exception_class);
}
