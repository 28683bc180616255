package io.sotto;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;

/**
 * An opened model in the core's memory, which its {@link Model} and all its recommenders own together: it is freed when
 * the last of them lets it go. It lends the scratch memory that calls work in, one {@link Workspace} for each call
 * under way.
 */
final class Engine {
  final long model;
  private final AtomicInteger owners = new AtomicInteger(1);
  private final List<Workspace> workspaces = new CopyOnWriteArrayList<>();

  /** Calls hold it for reading, and a change of the trend for writing: the core allows no call beside that one. */
  private final StampedLock calls = new StampedLock();

  /** The scratch memory of one call at a time. */
  static final class Workspace {
    final long handle;
    private final AtomicBoolean isLent = new AtomicBoolean(true);
    private long stamp;

    private Workspace(long handle) {
      this.handle = handle;
    }
  }

  Engine(long model) {
    this.model = model;
  }

  /** One more owner. Throws {@code CLOSED} where the last one is gone. */
  void own() {
    if (owners.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) throw Model.closed();
  }

  void disown() {
    if (owners.decrementAndGet() > 0) return;
    for (Workspace workspace : workspaces) Core.freeWorkspace(workspace.handle);
    Core.freeModel(model);
  }

  /**
   * Scratch memory for one call of an owner.
   *
   * @param preferred the one that served the same user last, which may have something computed for the user; or null
   */
  Workspace borrow(Workspace preferred) {
    long stamp = calls.readLock();
    try {
      Workspace workspace = unused(preferred);
      workspace.stamp = stamp;
      return workspace;
    } catch (RuntimeException | Error e) {
      calls.unlockRead(stamp);
      throw e;
    }
  }

  void giveBack(Workspace workspace) {
    long stamp = workspace.stamp;
    workspace.isLent.set(false);
    calls.unlockRead(stamp);
  }

  private Workspace unused(Workspace preferred) {
    if (preferred != null && preferred.isLent.compareAndSet(false, true)) return preferred;
    for (Workspace workspace : workspaces) {
      if (workspace.isLent.compareAndSet(false, true)) return workspace;
    }
    Workspace made = new Workspace(Core.newWorkspace(model));
    workspaces.add(made);
    return made;
  }

  void setTrend(int[] items, float[] logRatios, float prior) {
    long stamp = calls.writeLock();
    try {
      Core.setTrend(model, items, logRatios, prior);
    } finally {
      calls.unlockWrite(stamp);
    }
  }
}
