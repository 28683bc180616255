package io.sotto.stream.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;

/** The worker's command line. */
record WorkerOptions(
    String brokers,
    Path model,
    String applicationId,
    int threads,
    Path stateFolder,
    HostInfo http,
    HostInfo advertised,
    boolean forwards,
    String instance,
    int standbys,
    int commitMillis,
    int partitions,
    String eventSerde,
    String modelsTopic,
    TopologySettings topology,
    Properties others) {
  static final String USAGE =
      """
      usage: sotto stream --brokers HOST:PORT[,...] --model FILE [OPTIONS]

      Reads the topic "events", keeps every user's state, and writes every user's recommendations, exactly once.

        --brokers LIST         the brokers to begin with
        --model FILE           the model, until a record of the topic "models" names another version
        --app-id NAME          workers of one name share the work (default: sotto-stream)
        --threads N            threads that fold (default: 1)
        --top K                items of a list (default: 10)
        --recommend WHEN       each: a list after each event (default); asked: only by HTTP
        --state-checksums      lists have the CRC-32C of the user's exported state
        --live-users N         users of a partition in memory, 10 to 30 kB each (default: 1000)
        --state-dir FOLDER     the stores (default: sotto-stream-state); each worker needs its own
        --http HOST:PORT       lists, metrics and health by HTTP; without it there is no HTTP
        --advertise HOST:PORT  where the other workers reach this one's HTTP (default: as --http)
        --elsewhere HOW        a user of another worker: redirect (default) or proxy
        --instance ID          a name that stays over restarts, so that partitions wait for the worker
        --standbys N           copies of the stores on other workers (default: 0)
        --commit-ms N          time between commits (default: 100)
        --partitions N         partitions of topics that are created (default: 8)
        --events TOPIC, --recommendations TOPIC, --feedback-metrics TOPIC, --dead-letter TOPIC, --models TOPIC
                               other names of the topics
        --event-serde CLASS    a Serde<StreamEvent> on the class path, for other formats than JSON
        --config FILE          more settings of Kafka Streams, as Java properties

      docs/stream.md explains each. "sotto stream --replay FILE" folds a log without Kafka and without Java.
      """;

  private static final Set<String> FLAGS = Set.of("--state-checksums");
  private static final int MAX_PORT = 65535;

  /** A command line that cannot be followed. */
  static final class BadOptions extends Exception {
    private static final long serialVersionUID = 1;

    BadOptions(String message) {
      super(message);
    }
  }

  static WorkerOptions parse(String... arguments) throws BadOptions {
    Map<String, String> given = new HashMap<>();
    for (int place = 0; place < arguments.length; ++place) {
      String name = arguments[place];
      String value = "";
      int equals = name.indexOf('=');
      if (name.startsWith("--") && equals > 0) {
        value = name.substring(equals + 1);
        name = name.substring(0, equals);
      } else if (!FLAGS.contains(name)) {
        if (!name.startsWith("--")) throw new BadOptions("\"" + name + "\" is not an option.");
        if (place + 1 == arguments.length) throw new BadOptions("The option " + name + " needs a value.");
        value = arguments[++place];
      }
      if (given.put(name, value) != null) throw new BadOptions("The option " + name + " is there twice.");
    }
    WorkerOptions options = new Taker(given).options();
    if (!given.isEmpty()) throw new BadOptions("There is no option " + given.keySet().iterator().next() + ".");
    return options;
  }

  /** Takes options out of those that were given. */
  private record Taker(Map<String, String> given) {
    WorkerOptions options() throws BadOptions {
      HostInfo http = address("--http");
      HostInfo advertised = address("--advertise");
      return new WorkerOptions(
          required("--brokers"),
          Path.of(required("--model")),
          text("--app-id", "sotto-stream"),
          whole("--threads", 1, 1, 1024),
          Path.of(text("--state-dir", "sotto-stream-state")),
          http,
          advertised == null ? http : advertised,
          choice("--elsewhere", "redirect", "proxy"),
          given.remove("--instance"),
          whole("--standbys", 0, 0, 16),
          whole("--commit-ms", 100, 1, 600_000),
          whole("--partitions", 8, 1, 100_000),
          text("--event-serde", EventSerde.class.getName()),
          text("--models", "models"),
          topology(),
          settings(given.remove("--config")));
    }

    private TopologySettings topology() throws BadOptions {
      return new TopologySettings(
          text("--events", "events"),
          text("--recommendations", "recommendations"),
          text("--feedback-metrics", "feedback-metrics"),
          text("--dead-letter", "dead-letter"),
          whole("--top", 10, 1, 1000),
          !choice("--recommend", "each", "asked"),
          given.remove("--state-checksums") != null,
          whole("--live-users", 1000, 1, 10_000_000));
    }

    private String text(String name, String absent) {
      String value = given.remove(name);
      return value == null ? absent : value;
    }

    private String required(String name) throws BadOptions {
      String value = given.remove(name);
      if (value == null || value.isEmpty()) throw new BadOptions("The option " + name + " is needed.");
      return value;
    }

    /** Whether the second word was chosen. */
    private boolean choice(String name, String first, String second) throws BadOptions {
      String value = text(name, first);
      if (!value.equals(first) && !value.equals(second)) {
        throw new BadOptions("The option " + name + " is " + first + " or " + second + ", not \"" + value + "\".");
      }
      return value.equals(second);
    }

    private int whole(String name, int absent, int low, int high) throws BadOptions {
      String value = given.remove(name);
      if (value == null) return absent;
      try {
        int number = Integer.parseInt(value);
        if (number >= low && number <= high) return number;
      } catch (NumberFormatException e) {
        // the same answer
      }
      throw new BadOptions(
          "The option " + name + " is a whole number from " + low + " to " + high + ", not \"" + value + "\".");
    }

    /** Null where the option is absent. */
    private HostInfo address(String name) throws BadOptions {
      String value = given.remove(name);
      if (value == null) return null;
      int colon = value.lastIndexOf(':');
      try {
        int port = Integer.parseInt(value.substring(colon + 1));
        if (colon > 0 && port > 0 && port <= MAX_PORT) return new HostInfo(value.substring(0, colon), port);
      } catch (NumberFormatException e) {
        // the same answer
      }
      throw new BadOptions("The option " + name + " is HOST:PORT, not \"" + value + "\".");
    }

    private static Properties settings(String file) throws BadOptions {
      Properties settings = new Properties();
      if (file == null) return settings;
      try (Reader reader = Files.newBufferedReader(Path.of(file))) {
        settings.load(reader);
        return settings;
      } catch (IOException | IllegalArgumentException e) {
        throw new BadOptions("The settings " + file + " cannot be read: " + e + ".");
      }
    }
  }
}
