package io.sotto.stream.kafka;

import io.sotto.stream.FoldState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The users of a partition that were active last, in memory. All that is left out can be restored from the stores. */
final class LiveUsers implements AutoCloseable {
  private final Map<String, FoldState> users = new LinkedHashMap<>(16, 0.75F, true); // the least recently used first
  private final int limit;

  LiveUsers(int limit) {
    this.limit = limit;
  }

  /** Null where the user is not in memory. */
  FoldState get(String user) {
    return users.get(user);
  }

  /** Takes over a user who is not in memory; another one leaves where there are too many. */
  void put(String user, FoldState state) {
    users.put(user, state);
    if (users.size() <= limit) return;
    Iterator<FoldState> oldest = users.values().iterator();
    oldest.next().close();
    oldest.remove();
  }

  /** Takes over another state of a user, whose former one is closed. */
  void replace(String user, FoldState state) {
    users.put(user, state);
  }

  @Override
  public void close() {
    users.values().forEach(FoldState::close);
    users.clear();
  }
}
