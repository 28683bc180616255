package io.sotto.stream.kafka;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sotto.stream.DamagedState;
import io.sotto.stream.JsonFields;
import io.sotto.stream.RecommendedList;
import io.sotto.stream.RefusedEvent;
import io.sotto.stream.UserId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The worker's HTTP: a user's list, metrics, health. It is for the machines of an internal network: it asks for no key.
 */
final class HttpDoor implements AutoCloseable {
  private static final int THREADS = 8;
  private static final int DEFAULT_TOP = 10;
  private static final int MAX_TOP = 1000;
  private static final String USERS = "/v1/users/";
  private static final String LIST = "/recommendations";
  private static final String FORWARDED = "X-Sotto-Forwarded";
  private static final Duration FORWARD_TIME = Duration.ofSeconds(5);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final HttpClient others = HttpClient.newBuilder().connectTimeout(FORWARD_TIME).build();
  private final HostInfo self;
  private final boolean forwards;
  private final Users users;
  private final StreamFigures figures;
  private final Supplier<StreamFigures.Lag> lag;
  private final Supplier<Boolean> isAlive;
  private final Clock clock = Clock.systemUTC();

  /** Where a user is. */
  record Place(HostInfo host, int partition) {}

  /** The users of all workers, and the lists of those who are here. */
  interface Users {
    /** Null while partitions move. */
    Place placeOf(String user);

    /** Throws {@code InvalidStateStoreException} while the partition is not ready here. */
    RecommendedList recommend(String user, int partition, int top, long at);
  }

  /** An answer before it is sent. */
  private record Answer(int status, String type, byte[] body, Map<String, String> headers) {}

  HttpDoor(
      InetSocketAddress address,
      HostInfo self,
      boolean forwards,
      Users users,
      StreamFigures figures,
      Supplier<StreamFigures.Lag> lag,
      Supplier<Boolean> isAlive)
      throws IOException {
    this.self = self;
    this.forwards = forwards;
    this.users = users;
    this.figures = figures;
    this.lag = lag;
    this.isAlive = isAlive;
    this.server = HttpServer.create(address, 64);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (RefusedEvent e) {
        answer = error(400, "bad_request", e.getMessage());
      } catch (InvalidStateStoreException | DamagedState e) {
        answer = notReady();
      } catch (RuntimeException e) {
        answer = error(500, "internal", "The worker could not answer: " + e.getMessage());
      }
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private Answer answer(HttpExchange exchange) {
    if (!exchange.getRequestMethod().equals("GET")) {
      return error(405, "method_not_allowed", "The worker answers GET only.");
    }
    String path = exchange.getRequestURI().getRawPath();
    return switch (path) {
      case "/healthz" -> isAlive.get() ? text(200, "ok\n") : text(503, "stopped\n");
      case "/readyz" -> lag.get().isRunning() ? text(200, "ready\n") : text(503, "not ready\n");
      case "/metrics" -> text(200, figures.text(lag.get()));
      default -> path.startsWith(USERS) && path.endsWith(LIST) && path.length() > USERS.length() + LIST.length()
          ? list(exchange, path.substring(USERS.length(), path.length() - LIST.length()))
          : error(404, "not_found", "There is nothing at this path.");
    };
  }

  private Answer list(HttpExchange exchange, String encodedUser) {
    String user = UserId.of(decoded(encodedUser));
    Map<String, String> query = query(exchange.getRequestURI());
    long top = whole(query, "k", DEFAULT_TOP, 1, MAX_TOP);
    long at = whole(query, "at", clock.instant().getEpochSecond(), -(1L << 53), 1L << 53);
    if (!query.isEmpty()) throw bad("There is no parameter " + query.keySet().iterator().next() + ".");
    Place place = users.placeOf(user);
    if (place == null) return notReady();
    if (place.host().equals(self)) {
      return new Answer(
          200, "application/json", users.recommend(user, place.partition(), (int) top, at).toJson(), Map.of());
    }
    // Two workers that each take the other one for the right one must not send a request back and forth.
    if (exchange.getRequestHeaders().containsKey(FORWARDED)) return notReady();
    URI asked = exchange.getRequestURI();
    URI there =
        URI.create(
            "http://" + place.host().host() + ":" + place.host().port() + asked.getRawPath()
                + (asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery()));
    return forwards ? forward(there) : new Answer(307, "text/plain", new byte[0], Map.of("Location", there.toString()));
  }

  private Answer forward(URI there) {
    HttpRequest request = HttpRequest.newBuilder(there).header(FORWARDED, "1").timeout(FORWARD_TIME).build();
    try {
      HttpResponse<byte[]> answer = others.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), "application/json", answer.body(), Map.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notReady();
    } catch (IOException e) {
      return notReady();
    }
  }

  private static byte[] decoded(String encoded) {
    byte[] bytes = new byte[encoded.length()];
    int length = 0;
    for (int place = 0; place < encoded.length(); ++place) {
      char c = encoded.charAt(place);
      if (c != '%') {
        bytes[length++] = (byte) c; // a URI has ASCII characters only
        continue;
      }
      // java.net.URI lets no incomplete escape through
      bytes[length++] = (byte) Integer.parseInt(encoded.substring(place + 1, place + 3), 16);
      place += 2;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static Map<String, String> query(URI address) {
    Map<String, String> parameters = new HashMap<>();
    if (address.getRawQuery() == null) return parameters;
    for (String pair : address.getRawQuery().split("&")) {
      int equals = pair.indexOf('=');
      if (equals < 1) throw bad("A parameter is a name, = and a value.");
      parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return parameters;
  }

  private static long whole(Map<String, String> query, String name, long absent, long low, long high) {
    String text = query.remove(name);
    if (text == null) return absent;
    try {
      long number = Long.parseLong(text);
      if (number >= low && number <= high) return number;
    } catch (NumberFormatException e) {
      // the same answer
    }
    throw bad("The parameter " + name + " is a whole number from " + low + " to " + high + ".");
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }

  private static Answer text(int status, String text) {
    return new Answer(
        status, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private static Answer notReady() {
    Answer answer = error(503, "not_ready", "The user's partition is moving to a worker. Ask again.");
    return new Answer(answer.status(), answer.type(), answer.body(), Map.of("Retry-After", "1"));
  }

  private static Answer error(int status, String code, String message) {
    byte[] body =
        JsonFields.write(
            json -> {
              json.writeObjectFieldStart("error");
              json.writeStringField("code", code);
              json.writeStringField("message", message);
              json.writeEndObject();
            });
    return new Answer(status, "application/json", body, Map.of());
  }

  @Override
  public void close() {
    server.stop(1);
    threads.shutdownNow();
  }
}
