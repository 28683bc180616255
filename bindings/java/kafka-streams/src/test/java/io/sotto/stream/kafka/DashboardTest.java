package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What dashboard, alerts and documentation call a figure is what the worker calls it. */
final class DashboardTest {
  private static final Path TOP = Path.of(System.getProperty("sotto.test.top"));
  private static final Pattern NAME = Pattern.compile("\\bsotto_stream_[a-z_]+");

  private static Set<String> names(String text) {
    return NAME.matcher(text).results().map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> exported() {
    return names(new StreamFigures().text(new StreamFigures.Lag(true, Map.of(0, 1L))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"packaging/stream/grafana/stream.json", "packaging/stream/alerts.yaml", "docs/stream.md"})
  void everyFigureIsExported(String file) throws IOException {
    Set<String> used = names(Files.readString(TOP.resolve(file)));
    assertTrue(used.size() >= 3, used.toString());
    used.removeAll(exported());
    assertEquals(Set.of(), used);
  }

  @Test
  void everyFigureIsDocumented() throws IOException {
    Set<String> exported = exported();
    exported.removeIf(name -> name.matches(".*_(bucket|sum|count)"));
    exported.removeAll(names(Files.readString(TOP.resolve("docs/stream.md"))));
    assertEquals(Set.of(), exported);
  }
}
