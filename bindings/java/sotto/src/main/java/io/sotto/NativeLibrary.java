package io.sotto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Properties;

/** Finds and loads libsottojni: the file that a property names, otherwise the one in the jar for this platform. */
final class NativeLibrary {
  /** The system property with the path of the library's file. */
  static final String PATH_PROPERTY = "io.sotto.native.path";

  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library once. Throws {@code NATIVE_LIBRARY}, then and at every later call, where that is not possible.
   */
  static synchronized void load() {
    if (loaded) return;
    String path = System.getProperty(PATH_PROPERTY);
    if (path == null) loadFromJar();
    else load(Path.of(path).toAbsolutePath(), "Correct or remove the system property " + PATH_PROPERTY + ".");
    loaded = true;
  }

  private static void loadFromJar() {
    String resource = "/META-INF/native/" + platform() + "/" + System.mapLibraryName("sottojni");
    try (InputStream library = NativeLibrary.class.getResourceAsStream(resource)) {
      if (library == null) {
        throw new SottoException(
            ErrorCode.NATIVE_LIBRARY,
            "This jar has no native library for this platform: "
                + resource
                + " is not there. docs/java.md says how to build one.");
      }
      // A file that nobody else can have prepared: its name is new, and only this user may read it.
      Path copy = Files.createTempFile("libsottojni-", ".tmp");
      try {
        Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
        load(
            copy,
            "Where programs may not be run from the temporary folder (noexec), unpack the library from the jar and name"
                + " its path in the system property "
                + PATH_PROPERTY
                + ".");
      } finally {
        remove(copy);
      }
    } catch (IOException e) {
      throw new SottoException(
          ErrorCode.NATIVE_LIBRARY,
          "The native library could not be copied into the temporary folder "
              + System.getProperty("java.io.tmpdir")
              + ": unpack it from the jar and name its path in the system property "
              + PATH_PROPERTY
              + ".",
          e);
    }
  }

  /** A loaded library needs its file no longer, except on Windows, where it cannot be removed before the end. */
  private static void remove(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      copy.toFile().deleteOnExit();
    }
  }

  private static void load(Path file, String advice) {
    String found;
    int abi;
    try {
      System.load(file.toString());
      found = Core.release();
      abi = Core.abiVersion();
    } catch (LinkageError e) {
      throw new SottoException(
          ErrorCode.NATIVE_LIBRARY, "The native library could not be loaded: " + e.getMessage() + ". " + advice, e);
    }
    String expected = release();
    if (!found.equals(expected) || abi != Core.ABI_VERSION) {
      throw new SottoException(
          ErrorCode.NATIVE_LIBRARY,
          "The native library "
              + file
              + " is of Sotto "
              + found
              + ", and this jar is of "
              + expected
              + ". "
              + advice);
    }
  }

  /** The jar's own version, which Maven writes. */
  private static String release() {
    Properties properties = new Properties();
    try (InputStream file = NativeLibrary.class.getResourceAsStream("release.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new SottoException(ErrorCode.NATIVE_LIBRARY, "The jar is damaged: its release cannot be read.", e);
    }
    return properties.getProperty("release");
  }

  /** Such as linux-x86_64: the names that CMake gives to systems and processors. */
  static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String os = system.startsWith("mac") ? "macos" : system.startsWith("windows") ? "windows" : system;
    return os + "-" + (processor.equals("amd64") ? "x86_64" : processor);
  }
}
