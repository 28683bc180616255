package io.sotto.stream.kafka;

import io.sotto.SottoException;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.StreamEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;

/** One worker of the stream: {@code sotto stream}. */
public final class Worker {
  private static final int BAD_COMMAND_LINE = 2;
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration CLOSING = Duration.ofSeconds(60);
  private static final int MAX_REQUEST = 2 << 20; // a refused record of 1 MB is sent on with more headers
  private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

  /**
   * Brokers delete records by the records' own times, after seven days by default. Events of last year would be gone before
   * they are folded.
   */
  private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

  private final WorkerOptions options;
  private final StreamFigures figures = new StreamFigures();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Worker(WorkerOptions options) {
    this.options = options;
  }

  /**
   * Runs until SIGTERM, SIGINT or an error that does not pass. Ends with 0 after a signal, 1 after an error, 2 for a
   * command line that cannot be followed.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.print(WorkerOptions.USAGE);
      return;
    }
    logWarnings();
    System.exit(run(arguments));
  }

  /** The libraries' logs go to standard error. */
  private static void logWarnings() {
    Map<String, String> settings =
        Map.of(
            "org.slf4j.simpleLogger.defaultLogLevel", "error",
            "org.slf4j.simpleLogger.showDateTime", "true",
            "org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd HH:mm:ss");
    settings.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
  }

  private static int run(String[] arguments) {
    WorkerOptions options;
    try {
      options = WorkerOptions.parse(arguments);
    } catch (WorkerOptions.BadOptions e) {
      say(e.getMessage() + " \"sotto stream --help\" lists all options.");
      return BAD_COMMAND_LINE;
    }
    Worker worker = new Worker(options);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::drain, "sotto-stop"));
    try {
      return worker.work();
    } finally {
      worker.finished.countDown();
    }
  }

  static void say(String line) {
    System.err.println("sotto stream: " + line);
  }

  /** After a signal: the JVM ends when this returns. */
  private void drain() {
    if (finished.getCount() == 0) return;
    stop.countDown();
    try {
      if (finished.await(CLOSING.toSeconds() + 5, TimeUnit.SECONDS)) Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int work() {
    try (ModelVersions versions = new ModelVersions(options.model());
        Serde<StreamEvent> format = eventSerde()) {
      if (!prepareTopics()) return 0;
      try (ModelFollower models =
          new ModelFollower(
              new KafkaConsumer<>(clientSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
              options.modelsTopic(),
              versions,
              options.stateFolder().resolve("models"),
              Worker::say)) {
        models.start();
        return stream(versions, format);
      }
    } catch (SottoException e) {
      say("The model " + options.model() + " cannot be used: " + e.getMessage());
    } catch (IOException e) {
      say("The address " + options.http() + " cannot be used: " + e.getMessage());
    } catch (ReflectiveOperationException | ClassCastException e) {
      say("The class " + options.eventSerde() + " cannot be used as a Serde of events: " + e);
    } catch (KafkaException | IllegalStateException e) {
      say("The stream could not start: " + causes(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  @SuppressWarnings("unchecked")
  private Serde<StreamEvent> eventSerde() throws ReflectiveOperationException {
    Serde<StreamEvent> serde =
        (Serde<StreamEvent>)
            Class.forName(options.eventSerde()).asSubclass(Serde.class).getDeclaredConstructor().newInstance();
    Map<String, Object> settings = new HashMap<>();
    options.others().forEach((name, value) -> settings.put(name.toString(), value));
    serde.configure(settings, false);
    return serde;
  }

  /** What a client needs to reach the brokers, also by TLS or with a password. */
  private Map<String, Object> clientSettings() {
    Map<String, Object> settings = new HashMap<>();
    options
        .others()
        .forEach(
            (name, value) -> {
              String text = name.toString();
              if (text.startsWith("security.") || text.startsWith("ssl.") || text.startsWith("sasl.")) {
                settings.put(text, value);
              }
            });
    settings.put("bootstrap.servers", options.brokers());
    return settings;
  }

  /** Waits for a broker and creates the topics that are missing. False where a signal came first. */
  private boolean prepareTopics() throws InterruptedException {
    Map<String, Object> settings = clientSettings();
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    try (Admin admin = Admin.create(settings)) {
      while (true) {
        try {
          createTopics(admin);
          reportDeleted(admin);
          return true;
        } catch (ExecutionException e) {
          say(
              "No broker at "
                  + options.brokers()
                  + " can be used: "
                  + causes(e.getCause())
                  + " Trying again in "
                  + RETRY.toSeconds()
                  + " s.");
        }
        if (stop.await(RETRY.toSeconds(), TimeUnit.SECONDS)) return false;
      }
    }
  }

  private void createTopics(Admin admin) throws ExecutionException, InterruptedException {
    TopologySettings topics = options.topology();
    Set<String> there = admin.listTopics().names().get();
    int partitions = options.partitions();
    if (there.contains(topics.events())) {
      partitions =
          admin.describeTopics(List.of(topics.events())).allTopicNames().get().get(topics.events()).partitions().size();
    }
    List<NewTopic> missing = new ArrayList<>();
    for (NewTopic topic :
        List.of(
            topic(topics.events(), partitions, KEPT),
            topic(topics.recommendations(), partitions, COMPACTED),
            topic(topics.feedbackMetrics(), 1, Map.of("cleanup.policy", "compact,delete")),
            topic(
                topics.deadLetter(), 1, Map.of("retention.ms", "-1", "max.message.bytes", String.valueOf(MAX_REQUEST))),
            topic(options.modelsTopic(), 1, COMPACTED))) {
      if (!there.contains(topic.name())) missing.add(topic);
    }
    for (NewTopic topic : missing) {
      try {
        admin.createTopics(List.of(topic)).all().get();
        say("Created the topic " + topic.name() + " with " + topic.numPartitions() + " partitions.");
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) throw e; // another worker was faster
      }
    }
  }

  /** Events that the broker deleted before they were folded are lost to the users' states, and nothing else would tell. */
  private void reportDeleted(Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> next = new HashMap<>();
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    foldedOffsets(admin)
        .forEach(
            (partition, offset) -> {
              if (!partition.topic().equals(options.topology().events())) return;
              next.put(partition, offset.offset());
              earliest.put(partition, OffsetSpec.earliest());
            });
    Map<TopicPartition, Long> kept = new HashMap<>();
    admin.listOffsets(earliest).all().get().forEach((partition, offset) -> kept.put(partition, offset.offset()));
    deletedEvents(next, kept).forEach(Worker::say);
  }

  /**
   * A sentence for each partition of which events are missing.
   *
   * @param next the offsets of the next events to fold
   * @param kept the offsets of the first events that the broker has
   */
  static List<String> deletedEvents(Map<TopicPartition, Long> next, Map<TopicPartition, Long> kept) {
    return next.entrySet().stream()
        .filter(entry -> kept.get(entry.getKey()) > entry.getValue())
        .map(
            entry ->
                String.format(
                    "The broker deleted %d events of partition %s before they were folded. Raise the topic's retention.ms.",
                    kept.get(entry.getKey()) - entry.getValue(),
                    entry.getKey()))
        .sorted()
        .toList();
  }

  private Map<TopicPartition, OffsetAndMetadata> foldedOffsets(Admin admin)
      throws ExecutionException, InterruptedException {
    try {
      return admin.listConsumerGroupOffsets(options.applicationId()).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) return Map.of(); // the first start
      throw e;
    }
  }

  private static NewTopic topic(String name, int partitions, Map<String, String> settings) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
  }

  private int stream(ModelVersions versions, Serde<StreamEvent> format) throws IOException, InterruptedException {
    KafkaStreams streams =
        new KafkaStreams(StreamTopology.build(options.topology(), versions, format, figures), streamsSettings());
    try {
      streams.setUncaughtExceptionHandler(
          e -> {
            StreamThreadExceptionResponse answer = answerTo(e);
            if (answer == StreamThreadExceptionResponse.REPLACE_THREAD) {
              say("The broker aborted a transaction; a new thread goes on from the last commit. " + causes(e));
            } else {
              failure.compareAndSet(null, e);
            }
            return answer;
          });
      streams.setStateListener(
          (now, before) -> {
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) stop.countDown();
          });
      streams.start();
      try (HttpDoor door = door(streams, versions)) {
        say(
            "Reads "
                + options.topology().events()
                + " with model "
                + versions.current().info().fingerprint()
                + (door == null ? "." : ". HTTP is at " + options.http().host() + ":" + door.port() + "."));
        new Progress(figures, () -> lag(streams)).until(stop);
      }
      boolean isClosed = streams.close(CLOSING);
      Throwable e = failure.get();
      if (e != null) say("The stream stopped: " + causes(e));
      else if (!isClosed) say("Not everything was stored within " + CLOSING.toSeconds() + " s; the next start does it.");
      else say("Stopped. Everything that was read is stored.");
      return e == null ? 0 : 1;
    } finally {
      streams.close(CLOSING);
    }
  }

  /**
   * A transaction that took too long was aborted by the broker: nothing of it is seen, and the last commit is where the next
   * thread begins. Whatever else ends a thread ends the worker.
   */
  static StreamThreadExceptionResponse answerTo(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidTxnStateException || cause instanceof InvalidProducerEpochException) {
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
    }
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Null without HTTP. */
  private HttpDoor door(KafkaStreams streams, ModelVersions versions) throws IOException {
    if (options.http() == null) return null;
    return new HttpDoor(
        new InetSocketAddress(options.http().host(), options.http().port()),
        options.advertised(),
        options.forwards(),
        new UserQueries(streams, versions),
        figures,
        () -> lag(streams),
        () -> streams.state().isRunningOrRebalancing() || streams.state() == KafkaStreams.State.CREATED);
  }

  private StreamFigures.Lag lag(KafkaStreams streams) {
    Map<Integer, Long> partitions = new TreeMap<>();
    streams
        .metrics()
        .forEach(
            (name, metric) -> {
              boolean isLag = name.name().equals("records-lag") && name.tags().containsKey("partition");
              if (!isLag || !options.topology().events().equals(name.tags().get("topic"))) return;
              if (metric.metricValue() instanceof Double records && !records.isNaN()) {
                partitions.put(Integer.valueOf(name.tags().get("partition")), records.longValue());
              }
            });
    return new StreamFigures.Lag(streams.state() == KafkaStreams.State.RUNNING, partitions);
  }

  private Properties streamsSettings() {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.applicationId());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.brokers());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.stateFolder().toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.threads());
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, options.standbys());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // With these a worker that was killed reads back the end of a changelog only, and not all of it.
    settings.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.commitMillis());
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
    settings.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, UsePartitionTimeOnInvalidTimestamp.class);
    // How long a worker that came back waits for partitions; the default is ten minutes.
    settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // How long the partitions of a killed worker wait for another one; the default is 45 s.
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 131_072);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST);
    if (options.instance() != null) {
      settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), options.instance());
    }
    if (options.advertised() != null) {
      settings.put(
          StreamsConfig.APPLICATION_SERVER_CONFIG,
          options.advertised().host() + ":" + options.advertised().port());
    }
    settings.putAll(options.others());
    return settings;
  }

  private static String causes(Throwable error) {
    List<String> sentences = new ArrayList<>();
    for (Throwable cause = error; cause != null && sentences.size() < 4; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (sentences.stream().noneMatch(message::contains)) sentences.add(message);
    }
    String all = String.join(": ", sentences);
    return all.endsWith(".") ? all : all + ".";
  }
}
