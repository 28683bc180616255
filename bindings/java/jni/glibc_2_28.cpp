// The one symbol of libstdc++ that would demand glibc 2.32. It says whether the process has a single thread, so that
// reference counts can do without atomic instructions. A JVM always has several: this library's own says so, and is
// taken before the C library's. tests/java/check_symbols.cmake checks that no other symbol is newer than glibc 2.28.
extern "C" {
extern char __libc_single_threaded;
char __libc_single_threaded = 0;
}
