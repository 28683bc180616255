package io.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the library is found and loaded, each time in a JVM of its own that runs {@link EveryCall}. */
class NativeLibraryTest {
  private record Result(int status, String output) {}

  private static Result run(String... options) throws Exception {
    return execute(List.of(java(options)));
  }

  private static String[] java(String... options) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of("-Xmx128m", "-Dsotto.test.model=" + TestModels.SHIPPED));
    command.addAll(List.of(options));
    String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classes, "io.sotto.EveryCall"));
    return command.toArray(String[]::new);
  }

  private static List<String> with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }

  private static Result execute(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static Path unpack(Path folder) throws Exception {
    String resource = "/META-INF/native/" + NativeLibrary.platform() + "/" + System.mapLibraryName("sottojni");
    Path library = folder.resolve("a library.so");
    try (InputStream bundled = NativeLibraryTest.class.getResourceAsStream(resource)) {
      Files.copy(bundled, library, StandardCopyOption.REPLACE_EXISTING);
    }
    return library;
  }

  private static void assertRefused(Result result, String... parts) {
    assertEquals(EveryCall.REFUSED, result.status, result.output);
    assertTrue(result.output.contains("native_library: "), result.output);
    for (String part : parts) assertTrue(result.output.contains(part), result.output);
  }

  /** The JVM checks what native methods do with it, and says so on standard output. */
  @Test
  void everyCallKeepsTheRulesOfJni(@TempDir Path folder) throws Exception {
    Result result = run("-Xcheck:jni", "-Djava.io.tmpdir=" + folder);
    assertEquals(0, result.status, result.output);
    assertTrue(result.output.contains("everything was called"), result.output);
    assertFalse(result.output.contains("WARNING in native"), result.output);
    assertFalse(result.output.contains("FATAL ERROR in native"), result.output);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.filter(file -> file.getFileName().toString().startsWith("libsotto")).toList());
    }
  }

  @Test
  void aPropertyNamesTheLibrary(@TempDir Path folder) throws Exception {
    Path library = unpack(folder);
    Result result = run("-Dio.sotto.native.path=" + library, "-Djava.io.tmpdir=" + folder.resolve("absent"));
    assertEquals(0, result.status, result.output);
  }

  @Test
  void whatCannotBeLoadedIsATypedError(@TempDir Path folder) throws Exception {
    assertRefused(run("-Dio.sotto.native.path=" + folder.resolve("absent.so")), "absent.so", "io.sotto.native.path");
    Path text = Files.writeString(folder.resolve("text.so"), "not a library");
    assertRefused(run("-Dio.sotto.native.path=" + text), "text.so");
    Path other = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("zip"));
    assertRefused(run("-Dio.sotto.native.path=" + other), "io.sotto.native.path");
    assertRefused(run("-Djava.io.tmpdir=" + folder.resolve("absent")), "absent", "io.sotto.native.path");
    assertRefused(run("-Dos.arch=vax"), "/META-INF/native/linux-vax/", "docs/java.md");
  }

  /** Where this machine lets a test mount a folder from which nothing may be run. */
  @Test
  void aTemporaryFolderWithoutExecutionIsATypedErrorThatSaysWhatToDo(@TempDir Path folder) throws Exception {
    Path library = unpack(folder);
    Path noexec = Files.createDirectory(folder.resolve("noexec"));
    String mount = "mount -t tmpfs -o noexec none '" + noexec + "'";
    List<String> inside = List.of("unshare", "--mount", "--map-root-user", "sh", "-c");
    assumeTrue(execute(with(inside, mount)).status == 0, "mounting is not allowed here");
    List<String> mounted = with(inside, mount + " && exec \"$0\" \"$@\"");
    assertRefused(execute(with(mounted, java("-Djava.io.tmpdir=" + noexec))), "noexec", "io.sotto.native.path");
    Result named =
        execute(with(mounted, java("-Djava.io.tmpdir=" + noexec, "-Dio.sotto.native.path=" + library)));
    assertEquals(0, named.status, named.output);
  }
}
