package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sotto.stream.RecommendedList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpDoorTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<HttpDoor> doors = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private HostInfo place = new HostInfo("here", 1);
  private boolean isRunning = true;

  private final class SomeUsers implements HttpDoor.Users {
    @Override
    public HttpDoor.Place placeOf(String user) {
      return place == null ? null : new HttpDoor.Place(place, 3);
    }

    @Override
    public RecommendedList recommend(String user, int partition, int top, long at) {
      if (!isRunning) throw new InvalidStateStoreException("not here");
      asked.add(user + " " + partition + " " + top + " " + at);
      return new RecommendedList(user, 1, "m", at, List.of("a"), OptionalInt.empty());
    }
  }

  private HttpDoor open(String self, boolean forwards) throws IOException {
    HttpDoor door =
        new HttpDoor(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new HostInfo(self, 1),
            forwards,
            new SomeUsers(),
            new StreamFigures(),
            () -> new StreamFigures.Lag(isRunning, Map.of(0, 5L)),
            () -> isRunning);
    doors.add(door);
    return door;
  }

  @AfterEach
  void close() {
    doors.forEach(HttpDoor::close);
  }

  private HttpResponse<String> ask(HttpDoor door, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path));
    if (headers.length > 0) request.headers(headers);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int status(HttpDoor door, String path) throws Exception {
    return ask(door, path).statusCode();
  }

  @Test
  void userWhoIsHereGetsAList() throws Exception {
    HttpDoor door = open("here", false);
    assertEquals(
        "{\"user\":\"Zoë/1\",\"events\":1,\"model\":\"m\",\"at\":7,\"items\":[\"a\"]}",
        ask(door, "/v1/users/Zo%C3%AB%2F1/recommendations?k=3&at=7").body());
    assertEquals(List.of("Zoë/1 3 3 7"), asked);
  }

  @Test
  void badQuestionsAreRefused() throws Exception {
    HttpDoor door = open("here", false);
    for (String path :
        List.of(
            "/v1/users/%0A/recommendations",
            "/v1/users/%FF/recommendations",
            "/v1/users/ada/recommendations?k=0",
            "/v1/users/ada/recommendations?k=1001",
            "/v1/users/ada/recommendations?k=many",
            "/v1/users/ada/recommendations?colour=red",
            "/v1/users/ada/recommendations?k")) {
      assertEquals(400, status(door, path), path);
    }
    for (String path : List.of("/", "/v1/users/", "/v1/users//recommendations", "/v1/users/ada")) {
      assertEquals(404, status(door, path), path);
    }
    assertEquals(
        405,
        client
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/metrics"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .statusCode());
    assertEquals(List.of(), asked);
  }

  @Test
  void userOfAnotherWorkerIsRedirectedOrAskedFor() throws Exception {
    HttpDoor other = open("127.0.0.1", false);
    HttpDoor redirects = open("here", false);
    HttpDoor forwards = open("there", true);
    place = new HostInfo("127.0.0.1", other.port());
    HttpResponse<String> answer = ask(redirects, "/v1/users/a%20b/recommendations?k=2");
    assertEquals(307, answer.statusCode());
    assertEquals(
        "http://127.0.0.1:" + other.port() + "/v1/users/a%20b/recommendations?k=2",
        answer.headers().firstValue("Location").orElseThrow());
    // The other worker takes itself for another one here, too: a request is sent on once.
    assertEquals(503, status(forwards, "/v1/users/ada/recommendations"));
    assertEquals(503, ask(redirects, "/v1/users/ada/recommendations", "X-Sotto-Forwarded", "1").statusCode());
    place = new HostInfo("127.0.0.1", 1);
    assertEquals(200, status(other, "/v1/users/ada/recommendations"));
  }

  @Test
  void partitionOnTheMoveIsNotReady() throws Exception {
    HttpDoor door = open("here", false);
    place = null;
    HttpResponse<String> answer = ask(door, "/v1/users/ada/recommendations");
    assertEquals(503, answer.statusCode());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    place = new HostInfo("here", 1);
    isRunning = false;
    assertEquals(503, status(door, "/v1/users/ada/recommendations"));
  }

  @Test
  void healthAndMetrics() throws Exception {
    HttpDoor door = open("here", false);
    assertEquals(200, status(door, "/healthz"));
    assertEquals(200, status(door, "/readyz"));
    assertTrue(ask(door, "/metrics").body().contains("sotto_stream_lag_records{partition=\"0\"} 5\n"));
    isRunning = false;
    assertEquals(503, status(door, "/healthz"));
    assertEquals(503, status(door, "/readyz"));
  }
}
