package io.sotto.stream.kafka;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows rate, lag and the time until the lag is gone: each second on a terminal, otherwise each minute as a line. */
final class Progress {
  /** Set where standard error is a terminal, which Java cannot tell. */
  private static final String TERMINAL_PROPERTY = "io.sotto.stream.terminal";

  private static final int TERMINAL_SECONDS = 1;
  private static final int LOG_SECONDS = 60;

  private final StreamFigures figures;
  private final Supplier<StreamFigures.Lag> lag;

  Progress(StreamFigures figures, Supplier<StreamFigures.Lag> lag) {
    this.figures = figures;
    this.lag = lag;
  }

  void until(CountDownLatch stop) throws InterruptedException {
    boolean isTerminal = Boolean.getBoolean(TERMINAL_PROPERTY);
    int seconds = isTerminal ? TERMINAL_SECONDS : LOG_SECONDS;
    long records = figures.records();
    long time = System.nanoTime();
    while (!stop.await(seconds, TimeUnit.SECONDS)) {
      long recordsNow = figures.records();
      long now = System.nanoTime();
      String line = line(recordsNow, 1e9 * (recordsNow - records) / (now - time), lag.get());
      if (isTerminal) System.err.print("\r" + line + "\u001b[K");
      else Worker.say(line);
      records = recordsNow;
      time = now;
    }
    if (isTerminal) System.err.println();
  }

  static String line(long records, double rate, StreamFigures.Lag lag) {
    if (!lag.isRunning()) return "waits for partitions";
    String text = String.format("%,d records, %,.0f/s, lag %,d", records, rate, lag.total());
    if (lag.total() == 0 || rate < 1) return text;
    long seconds = Math.round(lag.total() / rate);
    return text + String.format(", done in %d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
