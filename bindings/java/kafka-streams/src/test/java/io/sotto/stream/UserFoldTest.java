package io.sotto.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sotto.FeedbackKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UserFoldTest {
  private final ModelVersions versions = new ModelVersions(TestVersions.SHIPPED);
  private final UserFold fold = new UserFold(versions);
  private final List<String> items = versions.current().itemIds();

  @AfterEach
  void close() {
    versions.close();
  }

  private StreamEvent event(int number) {
    return new StreamEvent(
        items.get(number * 37 % 500),
        number % 5 == 4 ? FeedbackKind.PURCHASE : FeedbackKind.CLICK,
        0,
        OptionalLong.of(1_760_000_000 + 60L * number),
        Optional.of("e" + number));
  }

  private static byte[] bytes(FoldState state) {
    return state.recommender().exportState().toBytes();
  }

  /** A store of one user, as bytes. */
  private static final class Stored {
    private byte[] snapshot;
    private final List<byte[]> log = new ArrayList<>();

    void put(UserFold.Folded folded) {
      if (folded.snapshot() != null) snapshot = folded.snapshot().encode();
      else if (folded.logged() != null) log.add(folded.logged().encode());
    }

    FoldState restored(UserFold fold) {
      return fold.restore(
          snapshot == null ? null : Snapshot.decode(snapshot), log.stream().map(LoggedEvent::decode).toList());
    }
  }

  @Test
  void restoredAfterEachEventGivesTheSameBytes() {
    Stored stored = new Stored();
    try (FoldState stays = fold.restore(null, List.of())) {
      for (int number = 0; number < 100; ++number) {
        fold.fold(stays, event(number), 0);
        try (FoldState comes = stored.restored(fold)) {
          stored.put(fold.fold(comes, event(number), 0));
          assertArrayEquals(bytes(stays), bytes(comes), "event " + number);
          assertEquals(stays.events(), comes.events());
          assertEquals(stays.latest(), comes.latest());
        }
      }
      assertEquals(96, Snapshot.decode(stored.snapshot).events());
    }
  }

  @Test
  void lastIdsAreRememberedOverSnapshots() {
    Stored stored = new Stored();
    for (int number = 0; number < 70; ++number) {
      try (FoldState state = stored.restored(fold)) {
        stored.put(fold.fold(state, event(number), 0));
      }
    }
    try (FoldState state = stored.restored(fold)) {
      for (int number = 6; number < 70; ++number) {
        assertEquals(UserFold.Outcome.DUPLICATE, fold.fold(state, event(number), 0).outcome(), "event " + number);
      }
      assertEquals(70, state.events());
      assertEquals(UserFold.Outcome.LATE, fold.fold(state, event(5), 0).outcome()); // the 65th id back is forgotten
    }
  }

  @Test
  void refusedEventChangesNothing() {
    try (FoldState state = fold.restore(null, List.of())) {
      fold.fold(state, event(0), 0);
      byte[] before = bytes(state);
      StreamEvent unknown =
          new StreamEvent("no such item", FeedbackKind.CLICK, 0, OptionalLong.empty(), Optional.of("u"));
      RefusedEvent refused = assertThrows(RefusedEvent.class, () -> fold.fold(state, unknown, 0));
      assertEquals(RefusedEvent.Reason.UNKNOWN_ITEM, refused.reason());
      assertArrayEquals(before, bytes(state));
      assertEquals(1, state.events());
      assertFalse(fold.isDuplicate(state, unknown));
    }
  }

  @Test
  void eventWithoutTimeTakesTheRecords() {
    StreamEvent timeless = new StreamEvent(items.get(0), FeedbackKind.CLICK, 0, OptionalLong.empty(), Optional.empty());
    try (FoldState state = fold.restore(null, List.of())) {
      assertEquals(-5, fold.fold(state, timeless, -5).logged().at());
      assertEquals(-5, state.latest());
      assertEquals(UserFold.Outcome.LATE, fold.fold(state, timeless, -6).outcome());
      assertEquals(-5, state.latest());
    }
  }

  @Test
  void missingEventIsNoticed() {
    Stored stored = new Stored();
    try (FoldState state = fold.restore(null, List.of())) {
      for (int number = 0; number < 5; ++number) stored.put(fold.fold(state, event(number), 0));
    }
    stored.log.remove(2);
    assertThrows(DamagedState.class, () -> stored.restored(fold));
  }

  @Test
  void newVersionTakesUsersOver(@TempDir Path folder) {
    Path other = TestVersions.without(items.get(3), folder);
    String fingerprint = TestVersions.fingerprint(other);
    Stored stored = new Stored();
    try (FoldState state = fold.restore(null, List.of())) {
      for (int number = 0; number < 40; ++number) stored.put(fold.fold(state, event(number), 0));
    }
    versions.know(fingerprint, other);
    versions.makeCurrent(fingerprint);

    FoldState before = stored.restored(fold);
    assertTrue(fold.isOutdated(before));
    try (FoldState carried = fold.carryOver(before)) {
      assertEquals(fingerprint, carried.model().info().fingerprint());
      assertEquals(40, carried.events());
      assertTrue(fold.isDuplicate(carried, event(39)));
      stored.snapshot = fold.snapshot(carried).encode();
      fold.fold(carried, event(40), 0);
      try (FoldState restored = stored.restored(fold)) {
        stored.put(fold.fold(restored, event(40), 0));
        assertArrayEquals(bytes(carried), bytes(restored));
      }
      StreamEvent gone = new StreamEvent(items.get(3), FeedbackKind.CLICK, 0, OptionalLong.empty(), Optional.empty());
      assertThrows(RefusedEvent.class, () -> fold.check(gone));
    }
    // A worker that never heard of the version cannot read its states, and says so.
    try (ModelVersions strangers = new ModelVersions(TestVersions.SHIPPED)) {
      assertThrows(ModelVersions.MissingVersion.class, () -> stored.restored(new UserFold(strangers)));
    }
  }

  @Test
  void versionsAreWhatTheirFilesSay() {
    versions.know("0123456789abcdef", TestVersions.SHIPPED);
    assertThrows(DamagedState.class, () -> versions.makeCurrent("0123456789abcdef"));
    assertEquals(TestVersions.fingerprint(TestVersions.SHIPPED), versions.current().info().fingerprint());
  }

  @Test
  void cutStoredBytesAreRefused() {
    try (FoldState state = fold.restore(null, List.of())) {
      byte[] event = fold.fold(state, event(0), 0).logged().encode();
      byte[] snapshot = fold.snapshot(state).encode();
      assertEquals(event.length, LoggedEvent.decode(event).encode().length);
      assertArrayEquals(snapshot, Snapshot.decode(snapshot).encode());
      for (int length = 0; length < 32; ++length) {
        byte[] cut = Arrays.copyOf(event, length);
        assertThrows(DamagedState.class, () -> LoggedEvent.decode(cut), "event of " + length);
      }
      for (int length = 0; length < 20; ++length) {
        byte[] cut = Arrays.copyOf(snapshot, length);
        assertThrows(DamagedState.class, () -> Snapshot.decode(cut), "snapshot of " + length);
      }
      snapshot[0] = 2;
      assertThrows(DamagedState.class, () -> Snapshot.decode(snapshot));
    }
  }

  @Test
  void listIsOneJsonObject() {
    try (FoldState state = fold.restore(null, List.of())) {
      fold.fold(state, event(0), 0);
      String json = new String(fold.recommend("a\"b", state, 2, true).toJson(), StandardCharsets.UTF_8);
      assertTrue(
          json.matches(
              "\\{\"user\":\"a\\\\\"b\",\"events\":1,\"model\":\"[0-9a-f]{16}\",\"at\":1760000000,"
                  + "\"items\":\\[\"[^\"]+\",\"[^\"]+\"],\"crc32c\":\"[0-9a-f]{8}\"}"),
          json);
    }
  }

  /** The bytes of {@code sotto stream --replay}: short escapes, lower-case digits, everything else as it is. */
  @Test
  void listsHaveOneWayToWriteATextDown() {
    RecommendedList list =
        new RecommendedList(
            "\u00e4\"\\\ud83d\ude00", 1, "m", 7, List.of("/\n\t\u001f\u007f", "b"), OptionalInt.of(0xabc));
    assertEquals(
        "{\"user\":\"\u00e4\\\"\\\\\ud83d\ude00\",\"events\":1,\"model\":\"m\",\"at\":7,"
            + "\"items\":[\"/\\n\\t\\u001f\u007f\",\"b\"],\"crc32c\":\"00000abc\"}",
        new String(list.toJson(), StandardCharsets.UTF_8));
  }
}
