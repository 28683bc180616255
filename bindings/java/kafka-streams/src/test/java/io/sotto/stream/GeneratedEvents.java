package io.sotto.stream;

import io.sotto.FeedbackKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Records as a topic of events has them: sessions of many users, with late, repeated and refused ones among them. */
public final class GeneratedEvents {
  private static final FeedbackKind[] KINDS = FeedbackKind.values();
  private static final long START = 1_760_000_000;

  /** One record. */
  public record Raw(byte[] key, byte[] value, long timestamp) {}

  private GeneratedEvents() {}

  /** The same records for the same seed. One in 1,000 is refused, for each reason in turn. */
  public static List<Raw> records(List<String> items, int count, int users, long seed) {
    Random random = new Random(seed);
    List<Raw> records = new ArrayList<>(count);
    Map<Integer, byte[]> lastValues = new HashMap<>();
    for (int number = 0; number < count; ++number) {
      // Users that are active together, so that their sessions mix.
      int user = (number / 2000 * (users / 7 + 1) + random.nextInt(Math.min(users, 200))) % users;
      byte[] key = ("user " + user).getBytes(StandardCharsets.UTF_8);
      long second = START + number;
      if (number % 1000 == 7) {
        records.add(refused(number / 1000, key, second));
        continue;
      }
      byte[] last = lastValues.get(user);
      if (last != null && random.nextInt(100) == 0) {
        records.add(new Raw(key, last, 1000 * second)); // the same event once more
        continue;
      }
      byte[] value = EventJson.write(event(items, number, second, random));
      if (new String(value, StandardCharsets.UTF_8).contains("event_id")) lastValues.put(user, value);
      records.add(new Raw(key, value, 1000 * second));
    }
    return records;
  }

  private static StreamEvent event(List<String> items, int number, long second, Random random) {
    FeedbackKind kind = random.nextInt(3) > 0 ? FeedbackKind.CLICK : KINDS[random.nextInt(KINDS.length)];
    double amount =
        switch (kind) {
          case DWELL -> random.nextInt(90);
          case RATING -> random.nextInt(21) / 10.0 - 1;
          default -> 0;
        };
    boolean isLate = random.nextInt(50) == 0;
    return new StreamEvent(
        items.get((int) (items.size() * Math.pow(random.nextDouble(), 3))),
        kind,
        amount,
        random.nextInt(10) == 0 ? OptionalLong.empty() : OptionalLong.of(isLate ? second - 100_000 : second),
        random.nextBoolean() ? Optional.of("event-" + number) : Optional.empty());
  }

  /** A record that is refused, for each reason in turn. */
  static Raw refused(int which, byte[] key, long second) {
    byte[] good = "{\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8);
    String bad =
        switch (which % 6) {
          case 0 -> "no JSON";
          case 1 -> "{\"id\":\"no such item\"}";
          case 2 -> "{\"id\":\"1\",\"kind\":\"rating\",\"amount\":1.5}";
          case 3 -> "{\"id\":\"1\",\"colour\":\"red\"}";
          default -> null;
        };
    if (bad != null) return new Raw(key, bad.getBytes(StandardCharsets.UTF_8), 1000 * second);
    return which % 6 == 4 ? new Raw(new byte[] {7}, good, 1000 * second) : new Raw(null, good, 1000 * second);
  }
}
