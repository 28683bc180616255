/* A library for LD_PRELOAD that makes a disk and a clock misbehave (README.md). It is told what to do by a file, whose path
 * is in $SOTTO_FAULTS, and which it reads again whenever the file changed. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* What the control file asks for. */
struct faults {
  char data[PATH_MAX];   /* the folder whose files are meant */
  char shadow[PATH_MAX]; /* empty where nothing is dropped */
  bool full;
  bool read_only;
  int64_t clock; /* seconds */
};

static pthread_mutex_t control_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct faults current;
static struct stat control_as_read;

#define REAL(name)                                             \
  static __typeof__(name)* real;                               \
  if (real == NULL) *(void**)(&real) = dlsym(RTLD_NEXT, #name)

/* System calls, so that nothing here meets itself. */
static int raw_open(const char* path, int flags, mode_t mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}
static ssize_t raw_read(int fd, void* bytes, size_t size) { return syscall(SYS_read, fd, bytes, size); }
static ssize_t raw_write(int fd, const void* bytes, size_t size) { return syscall(SYS_write, fd, bytes, size); }
static void raw_close(int fd) { syscall(SYS_close, fd); }

static void take_line(struct faults* faults, const char* line) {
  if (strncmp(line, "data ", 5) == 0) snprintf(faults->data, sizeof faults->data, "%s", line + 5);
  if (strncmp(line, "drop-unsynced ", 14) == 0) snprintf(faults->shadow, sizeof faults->shadow, "%s", line + 14);
  if (strcmp(line, "full") == 0) faults->full = true;
  if (strcmp(line, "read-only") == 0) faults->read_only = true;
  if (strncmp(line, "clock ", 6) == 0) faults->clock = strtoll(line + 6, NULL, 10);
}

static void read_control(const char* path) {
  static char text[3 * PATH_MAX];
  const int fd = raw_open(path, O_RDONLY, 0);
  ssize_t size = fd < 0 ? 0 : raw_read(fd, text, sizeof text - 1);
  if (fd >= 0) raw_close(fd);
  text[size < 0 ? 0 : size] = 0;
  memset(&current, 0, sizeof current);
  char* rest = NULL;
  for (char* line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
    take_line(&current, line);
}

static struct faults faults_now(void) {
  const int before = errno;
  const char* path = getenv("SOTTO_FAULTS");
  struct stat now;
  memset(&now, 0, sizeof now);
  if (path != NULL) syscall(SYS_newfstatat, AT_FDCWD, path, &now, 0);
  pthread_mutex_lock(&control_mutex);
  if (now.st_ino != control_as_read.st_ino || now.st_size != control_as_read.st_size ||
      now.st_mtim.tv_sec != control_as_read.st_mtim.tv_sec || now.st_mtim.tv_nsec != control_as_read.st_mtim.tv_nsec) {
    control_as_read = now;
    if (path != NULL) read_control(path);
  }
  const struct faults faults = current;
  pthread_mutex_unlock(&control_mutex);
  errno = before;
  return faults;
}

/* The part of the path below the data folder, "" for the folder itself, or NULL for a path elsewhere. */
static const char* below_data(const struct faults* faults, const char* path) {
  const size_t length = strlen(faults->data);
  if (length == 0 || strncmp(path, faults->data, length) != 0) return NULL;
  if (path[length] == 0) return path + length;
  return path[length] == '/' ? path + length + 1 : NULL;
}

static bool path_of(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long size = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  if (size <= 0) return false;
  path[size] = 0;
  return true;
}

static bool absolute(int folder, const char* name, char* path) {
  if (name[0] == '/') return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX;
  char start[PATH_MAX];
  if (folder == AT_FDCWD) {
    if (syscall(SYS_getcwd, start, sizeof start) < 0) return false;
  } else if (!path_of(folder, start)) {
    return false;
  }
  return snprintf(path, PATH_MAX, "%s/%s", start, name) < PATH_MAX;
}

/* The error that a change of the file gets, or 0. */
static int refusal(const struct faults* faults, const char* path) {
  if (!faults->full && !faults->read_only) return 0;
  if (below_data(faults, path) == NULL) return 0;
  return faults->read_only ? EROFS : ENOSPC;
}

static int refusal_of_fd(int fd) {
  const struct faults faults = faults_now();
  char path[PATH_MAX];
  if ((!faults.full && !faults.read_only) || !path_of(fd, path)) return 0;
  return refusal(&faults, path);
}

/* --- the shadow: what a power loss would leave ---------------------------------------------------------------------- */

/* A change of a folder that its fsync makes durable. */
struct change {
  struct change* next;
  char from[PATH_MAX]; /* empty: a removal of `to` */
  char to[PATH_MAX];
  bool is_link;
};
static pthread_mutex_t shadow_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct change* changes;

static bool in_shadow(const struct faults* faults, const char* path, char* shadow) {
  const char* rest = below_data(faults, path);
  return rest != NULL && snprintf(shadow, PATH_MAX, "%s/%s", faults->shadow, rest) < PATH_MAX;
}

static void make_folders_of(char* path) {
  for (char* slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    syscall(SYS_mkdirat, AT_FDCWD, path, 0777);
    *slash = '/';
  }
}

static void copy_to_shadow(const struct faults* faults, int fd, const char* path) {
  static char bytes[1 << 18];
  char shadow[PATH_MAX];
  char unfinished[PATH_MAX + 16];
  if (!in_shadow(faults, path, shadow)) return;
  make_folders_of(shadow);
  snprintf(unfinished, sizeof unfinished, "%s.unfinished", shadow);
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const int in = raw_open(link, O_RDONLY, 0);
  const int out = raw_open(unfinished, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ssize_t size = 0;
  if (in >= 0 && out >= 0) {
    while ((size = raw_read(in, bytes, sizeof bytes)) > 0) {
      if (raw_write(out, bytes, (size_t)size) != size) abort();
    }
    if (size == 0) syscall(SYS_renameat, AT_FDCWD, unfinished, AT_FDCWD, shadow);
  }
  if (in >= 0) raw_close(in);
  if (out >= 0) raw_close(out);
}

static void note_change(const struct faults* faults, const char* from, const char* to, bool is_link) {
  struct change* change = calloc(1, sizeof *change);
  if (change == NULL || !in_shadow(faults, to, change->to) || (from != NULL && !in_shadow(faults, from, change->from))) {
    free(change);
    return;
  }
  change->is_link = is_link;
  pthread_mutex_lock(&shadow_mutex);
  struct change** end = &changes;
  while (*end != NULL) end = &(*end)->next;
  *end = change;
  pthread_mutex_unlock(&shadow_mutex);
}

/* Makes the changes in a folder durable, in their order. */
static void apply_changes(const char* folder) {
  const size_t length = strlen(folder);
  for (struct change** at = &changes; *at != NULL;) {
    struct change* change = *at;
    const bool is_here = strncmp(change->to, folder, length) == 0 && change->to[length] == '/' &&
                         strchr(change->to + length + 1, '/') == NULL;
    if (!is_here) {
      at = &change->next;
      continue;
    }
    if (change->from[0] == 0) {
      syscall(SYS_unlinkat, AT_FDCWD, change->to, 0);
    } else if (change->is_link) {
      syscall(SYS_linkat, AT_FDCWD, change->from, AT_FDCWD, change->to, 0);
    } else {
      syscall(SYS_renameat, AT_FDCWD, change->from, AT_FDCWD, change->to);
    }
    *at = change->next;
    free(change);
  }
}

static void make_durable(int fd) {
  const struct faults faults = faults_now();
  char path[PATH_MAX];
  if (faults.shadow[0] == 0 || !path_of(fd, path) || below_data(&faults, path) == NULL) return;
  struct stat information;
  if (fstat(fd, &information) != 0) return;
  pthread_mutex_lock(&shadow_mutex);
  if (S_ISDIR(information.st_mode)) {
    char shadow[PATH_MAX];
    if (in_shadow(&faults, path, shadow)) {
      const size_t length = strlen(shadow);
      if (length > 0 && shadow[length - 1] == '/') shadow[length - 1] = 0;
      apply_changes(shadow);
    }
  } else {
    copy_to_shadow(&faults, fd, path);
  }
  pthread_mutex_unlock(&shadow_mutex);
}

int fsync(int fd) {
  REAL(fsync);
  const int result = real(fd);
  if (result == 0) make_durable(fd);
  return result;
}

int fdatasync(int fd) {
  REAL(fdatasync);
  const int result = real(fd);
  if (result == 0) make_durable(fd);
  return result;
}

/* --- writes --------------------------------------------------------------------------------------------------------- */

#define REFUSE_FD(fd)                          \
  do {                                         \
    const int refused = refusal_of_fd(fd);     \
    if (refused != 0) {                        \
      errno = refused;                         \
      return -1;                               \
    }                                          \
  } while (0)

ssize_t write(int fd, const void* bytes, size_t size) {
  REAL(write);
  REFUSE_FD(fd);
  return real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  REAL(pwrite);
  REFUSE_FD(fd);
  return real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  REFUSE_FD(fd);
  return real(fd, bytes, size, at);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  REAL(writev);
  REFUSE_FD(fd);
  return real(fd, parts, count);
}

/* Shortening needs no space. */
static int refusal_of_size(int fd, off_t size) {
  struct stat information;
  const int refused = refusal_of_fd(fd);
  if (refused == ENOSPC && fstat(fd, &information) == 0 && size <= information.st_size) return 0;
  return refused;
}

int ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  const int refused = refusal_of_size(fd, size);
  if (refused != 0) {
    errno = refused;
    return -1;
  }
  return real(fd, size);
}

int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

int posix_fallocate(int fd, off_t at, off_t size) {
  REAL(posix_fallocate);
  const int refused = refusal_of_fd(fd);
  return refused != 0 ? refused : real(fd, at, size);
}

int posix_fallocate64(int fd, off64_t at, off64_t size) { return posix_fallocate(fd, at, size); }

/* --- names ---------------------------------------------------------------------------------------------------------- */

/* A full disk opens what exists; a read-only one opens it for reading. */
static int refusal_to_open(int folder, const char* name, int flags) {
  const struct faults faults = faults_now();
  char path[PATH_MAX];
  if ((!faults.full && !faults.read_only) || !absolute(folder, name, path)) return 0;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
  const bool exists = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
  if (faults.read_only) return writes ? refusal(&faults, path) : 0;
  return (flags & O_CREAT) != 0 && !exists ? refusal(&faults, path) : 0;
}

static int open_or_refuse(int folder, const char* name, int flags, mode_t mode) {
  const int refused = refusal_to_open(folder, name, flags);
  if (refused != 0) {
    errno = refused;
    return -1;
  }
  return (int)syscall(SYS_openat, folder, name, flags, mode);
}

#define MODE_AFTER(last)                         \
  mode_t mode = 0;                               \
  if ((flags & (O_CREAT | __O_TMPFILE)) != 0) {  \
    va_list arguments;                           \
    va_start(arguments, last);                   \
    mode = va_arg(arguments, mode_t);            \
    va_end(arguments);                           \
  }

int open(const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return open_or_refuse(AT_FDCWD, name, flags, mode);
}

int open64(const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return open_or_refuse(AT_FDCWD, name, flags, mode);
}

int openat(int folder, const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return open_or_refuse(folder, name, flags, mode);
}

int openat64(int folder, const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return open_or_refuse(folder, name, flags, mode);
}

/* Notes a change of names that succeeded. `from` is NULL for a removal. */
static void changed(int from_folder, const char* from, int to_folder, const char* to, bool is_link) {
  const struct faults faults = faults_now();
  char from_path[PATH_MAX];
  char to_path[PATH_MAX];
  if (faults.shadow[0] == 0 || !absolute(to_folder, to, to_path)) return;
  if (from != NULL && !absolute(from_folder, from, from_path)) return;
  note_change(&faults, from == NULL ? NULL : from_path, to_path, is_link);
}

static int refusal_to_change(int folder, const char* name, bool needs_space) {
  const struct faults faults = faults_now();
  char path[PATH_MAX];
  if ((!faults.full && !faults.read_only) || !absolute(folder, name, path)) return 0;
  return faults.read_only || needs_space ? refusal(&faults, path) : 0;
}

#define REFUSE_CHANGE(folder, name, needs_space)                          \
  do {                                                                    \
    const int refused = refusal_to_change(folder, name, needs_space);     \
    if (refused != 0) {                                                   \
      errno = refused;                                                    \
      return -1;                                                          \
    }                                                                     \
  } while (0)

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  REFUSE_CHANGE(to_folder, to, false);
  const int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (result == 0) changed(from_folder, from, to_folder, to, false);
  return result;
}

int rename(const char* from, const char* to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}

int unlinkat(int folder, const char* name, int flags) {
  REFUSE_CHANGE(folder, name, false);
  const int result = (int)syscall(SYS_unlinkat, folder, name, flags);
  if (result == 0 && (flags & AT_REMOVEDIR) == 0) changed(0, NULL, folder, name, false);
  return result;
}

int unlink(const char* name) { return unlinkat(AT_FDCWD, name, 0); }

int link(const char* from, const char* to) {
  REFUSE_CHANGE(AT_FDCWD, to, true);
  const int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  if (result == 0) changed(AT_FDCWD, from, AT_FDCWD, to, true);
  return result;
}

int mkdir(const char* name, mode_t mode) {
  REFUSE_CHANGE(AT_FDCWD, name, true);
  return (int)syscall(SYS_mkdirat, AT_FDCWD, name, mode);
}

/* --- the clock ------------------------------------------------------------------------------------------------------ */

int clock_gettime(clockid_t clock, struct timespec* now) {
  REAL(clock_gettime);
  const int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += faults_now().clock;
  return result;
}

time_t time(time_t* result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  (void)zone;
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}
