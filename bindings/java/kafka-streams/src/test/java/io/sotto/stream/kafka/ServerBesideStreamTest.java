package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.stream.TestVersions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sotto serve} sends events to the stream, also before any worker has started, and asks it for lists. */
final class ServerBesideStreamTest {
  private static final String CLI = System.getProperty("sotto.test.cli");
  private static final String LIST = "/v1/users/ada/recommendations?k=3&at=2000000000";
  private static final ConfigResource EVENTS = new ConfigResource(ConfigResource.Type.TOPIC, "events");

  /**
   * A topic that the broker made by itself would have one partition, and lose its events after a week. What a page told the
   * server comes back in the list that a worker makes.
   */
  @Test
  void serverCreatesTheTopicAndGivesTheWorkersLists(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(hasServer(), "the command line was built without the server");
    int port = Cluster.freePort();
    int workerPort = Cluster.freePort();
    Path log = folder.resolve("server.log");
    try (Cluster cluster = new Cluster(folder, 1)) {
      cluster.startBrokerAlone();
      Process server =
          new ProcessBuilder(
                  CLI, "serve", "--model", TestVersions.SHIPPED.toString(), "--data",
                  folder.resolve("server").toString(), "--port", String.valueOf(port), "--kafka-brokers",
                  cluster.brokers(), "--stream-worker", "http://127.0.0.1:" + workerPort)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", cluster.brokers()))) {
        cluster.await("the server", () -> !server.isAlive() || posts(port));
        assertTrue(server.isAlive(), Files.readString(log));
        cluster.await("the topic", () -> names(admin).contains("events"));
        assertEquals(8, admin.describeTopics(List.of("events")).allTopicNames().get().get("events").partitions().size());
        assertEquals(503, list(port).statusCode(), "without a worker");
        assertEquals(
            "-1", admin.describeConfigs(List.of(EVENTS)).all().get().get(EVENTS).get("retention.ms").value());
        Cluster.Worker worker = cluster.startPlainWorker("worker", workerPort);
        cluster.await("the list of the folded event", () -> list(port).body().contains("\"events\":1,"));
        HttpResponse<String> list = list(port);
        assertEquals(200, list.statusCode());
        assertEquals(cluster.get(worker, LIST), list.body());
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      } finally {
        Cluster.endQuietly(server);
      }
    }
  }

  private static boolean hasServer() throws IOException, InterruptedException {
    return new ProcessBuilder(CLI, "serve", "--help")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static boolean posts(int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"ada\",\"id\":\"85123A\"}"))
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> list(int port) {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + LIST)).build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> names(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
