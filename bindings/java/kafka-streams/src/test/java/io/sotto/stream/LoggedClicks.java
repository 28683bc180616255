package io.sotto.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sotto.FeedbackKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

/** The clicks of a log as records of a topic: real users and times. Its items stand for those of the model. */
public final class LoggedClicks {
  private record Click(String user, String item, long at) {}

  private LoggedClicks() {}

  /**
   * The log's first clicks in the order of time, of a CSV in gzip that begins with user, item and time. The log's items
   * become the model's, in the order of their first click. One record in 1,000 is refused.
   */
  public static List<GeneratedEvents.Raw> records(Path log, List<String> items, int count) throws IOException {
    List<Click> clicks = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(log)), UTF_8))) {
      lines.readLine(); // the columns' names
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split(",", 4);
        clicks.add(new Click(columns[0], columns[1], Long.parseLong(columns[2])));
      }
    }
    clicks.sort(Comparator.comparingLong(Click::at)); // stable
    Map<String, String> names = new HashMap<>();
    List<GeneratedEvents.Raw> records = new ArrayList<>(count);
    for (Click click : clicks.subList(0, Math.min(count, clicks.size()))) {
      byte[] key = click.user.getBytes(UTF_8);
      if (records.size() % 1000 == 7) {
        records.add(GeneratedEvents.refused(records.size() / 1000, key, click.at));
        continue;
      }
      String item = names.computeIfAbsent(click.item, name -> items.get(names.size() % items.size()));
      StreamEvent event =
          new StreamEvent(item, FeedbackKind.CLICK, 0, OptionalLong.of(click.at), Optional.empty());
      records.add(new GeneratedEvents.Raw(key, EventJson.write(event), 1000 * click.at));
    }
    return records;
  }
}
