package io.sotto.stream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sotto.stream.GeneratedEvents;
import io.sotto.stream.RecommendedList;
import io.sotto.stream.Referee;
import io.sotto.stream.TestVersions;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and workers, each in a process of its own that can be killed, and one reader of all that they write. */
final class Cluster implements AutoCloseable {
  static final int TOP = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(240); // only a stream that stands still takes so long

  private final Path folder;
  private final int port = freePort();
  private final int controllerPort = freePort();
  private final int partitions;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Process broker;
  private KafkaConsumer<byte[], byte[]> reader;

  /** Each user's lists, in order, as JSON. */
  final Map<String, List<String>> lists = new TreeMap<>();

  /** How often each refused record came, by reason and value. */
  final Map<String, Integer> deadLetters = new TreeMap<>();

  int listsSeen;
  int deadLettersSeen;

  /** One worker. */
  record Worker(Process process, int httpPort) {}

  Cluster(Path folder, int partitions) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.partitions = partitions;
    Files.writeString(folder.resolve("worker.properties"), "consumer.session.timeout.ms=6000\n");
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(String log, List<String> options, Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=" + System.getProperty("sotto.test.tier", "1")); // short runs
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=" + System.getProperty("sotto.test.log", "error"));
    command.add("-cp");
    command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    File output = folder.resolve(log + ".log").toFile();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
            .start();
    processes.add(process);
    return process;
  }

  /** With the topics, where they are missing. */
  void startBroker() throws IOException {
    startBrokerAlone();
    if (reader != null) return;
    createTopics();
    read();
  }

  /** Whoever comes first creates the topics. */
  void startBrokerAlone() throws IOException {
    broker =
        start(
            "broker",
            List.of("-Xms128m", "-Xmx256m"),
            TestBroker.class,
            folder.resolve("broker").toString(),
            String.valueOf(port),
            String.valueOf(controllerPort));
    await("the broker to listen", this::brokerListens);
  }

  private boolean brokerListens() {
    if (!broker.isAlive()) throw new AssertionError("The broker ended: " + folder.resolve("broker.log") + ".");
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  Process broker() {
    return broker;
  }

  String brokers() {
    return "127.0.0.1:" + port;
  }

  /** With checksums, few users in memory, few transactions, and a short time until a killed worker is given up. */
  Worker startWorker(String name) throws IOException {
    return startPlainWorker(
        name, freePort(), "--partitions", String.valueOf(partitions), "--top", String.valueOf(TOP), "--state-checksums",
        "--elsewhere", "proxy", "--live-users", "20", "--commit-ms", "500", "--config",
        folder.resolve("worker.properties").toString());
  }

  Worker startPlainWorker(String name, int httpPort, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--brokers", brokers(), "--model", TestVersions.SHIPPED.toString(), "--app-id", "test",
                "--state-dir", folder.resolve(name).toString(), "--http", "127.0.0.1:" + httpPort));
    arguments.addAll(List.of(more));
    Process process =
        start(name, List.of("-Xmx192m"), io.sotto.stream.kafka.Worker.class, arguments.toArray(String[]::new));
    return new Worker(process, httpPort);
  }

  /** As {@code kill -9}. */
  static void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** As SIGTERM; the exit status. */
  static int end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) throw new AssertionError("SIGTERM does not end it.");
    return process.exitValue();
  }

  static void endQuietly(Process process) {
    process.destroy();
    process.onExit().join();
  }

  /** The answer's body; empty where nobody listens. */
  String get(Worker worker, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.httpPort() + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "";
    } catch (ConnectException e) {
      if (!worker.process().isAlive()) throw new AssertionError("A worker ended; its log is in " + folder + ".");
      return "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  long folded(Worker worker) {
    return figure(worker, "sotto_stream_events_folded_total");
  }

  /** Records that the worker is done with. */
  long processed(Worker worker) {
    String metrics = get(worker, "/metrics");
    return sum(metrics, "sotto_stream_events_folded_total")
        + sum(metrics, "sotto_stream_events_duplicate_total")
        + sum(metrics, "sotto_stream_dead_letters_total");
  }

  /** A figure; the sum of those of the name that have labels. */
  long figure(Worker worker, String name) {
    return sum(get(worker, "/metrics"), name);
  }

  private static long sum(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * The topics of which the tests read every record. The worker creates "recommendations" as a compacted topic, of which a
   * slow reader gets each user's latest list alone.
   */
  private void createTopics() {
    try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", brokers()))) {
      List<NewTopic> topics =
          List.of(
              new NewTopic("events", partitions, (short) 1),
              new NewTopic("recommendations", partitions, (short) 1),
              new NewTopic("dead-letter", 1, (short) 1));
      topics.forEach(topic -> topic.configs(Map.of("retention.ms", "-1")));
      admin.createTopics(topics).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void produce(List<GeneratedEvents.Raw> records) {
    produce("events", records);
  }

  private void produce(String topic, List<GeneratedEvents.Raw> records) {
    Map<String, Object> settings = Map.of("bootstrap.servers", brokers(), "linger.ms", 5, "acks", "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (GeneratedEvents.Raw record : records) {
        producer.send(new ProducerRecord<>(topic, null, record.timestamp(), record.key(), record.value()));
      }
      producer.flush();
    }
  }

  /** Milliseconds from each record's time to a reader of its list, where so many records come in each second. */
  List<Long> latencies(List<GeneratedEvents.Raw> records, int rate) throws InterruptedException {
    Thread producing =
        new Thread(
            () -> {
              Map<String, Object> settings = Map.of("bootstrap.servers", brokers(), "linger.ms", 0, "acks", "all");
              try (KafkaProducer<byte[], byte[]> producer =
                  new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                long start = System.nanoTime();
                for (int number = 0; number < records.size(); ++number) {
                  long wait = start + 1_000_000_000L * number / rate - System.nanoTime();
                  if (wait > 0) LockSupport.parkNanos(wait);
                  GeneratedEvents.Raw record = records.get(number);
                  producer.send(
                      new ProducerRecord<>("events", null, System.currentTimeMillis(), record.key(), record.value()));
                }
              }
            });
    producing.start();
    List<Long> latencies = new ArrayList<>();
    boolean isOver = false;
    while (!isOver) {
      isOver = !producing.isAlive();
      ConsumerRecords<byte[], byte[]> read = reader.poll(Duration.ofMillis(isOver ? 5000 : 100));
      long now = System.currentTimeMillis();
      for (ConsumerRecord<byte[], byte[]> record : read.records("recommendations")) latencies.add(now - record.timestamp());
      isOver = isOver && read.isEmpty();
    }
    producing.join();
    return latencies;
  }

  /** Names a version of the model. */
  void produceModel(String value) {
    produce("models", List.of(new GeneratedEvents.Raw("m".getBytes(UTF_8), value.getBytes(UTF_8), 0)));
  }

  /** Without a group, so that no rebalance of this reader's own repeats or leaves out what it reads. */
  private void read() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", brokers(), "isolation.level", "read_committed", "auto.offset.reset", "earliest");
    reader = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> assigned = new ArrayList<>(List.of(new TopicPartition("dead-letter", 0)));
    for (int partition = 0; partition < partitions; ++partition) {
      assigned.add(new TopicPartition("recommendations", partition));
    }
    reader.assign(assigned);
  }

  private int poll() {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(200))) {
      ++count;
      if (record.topic().equals("recommendations")) {
        ++listsSeen;
        lists.computeIfAbsent(new String(record.key(), UTF_8), user -> new ArrayList<>())
            .add(new String(record.value(), UTF_8));
      } else {
        ++deadLettersSeen;
        String reason = new String(record.headers().lastHeader(FoldProcessor.REASON_HEADER).value(), UTF_8);
        deadLetters.merge(reason, 1, Integer::sum);
      }
    }
    return count;
  }

  /** Reads on until the condition holds, or nothing more comes. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "Waited for " + what + " in vain; seen " + listsSeen + " lists, " + deadLettersSeen + " dead letters.");
      }
      if (reader == null) sleep();
      else if (poll() > 0) deadline = System.nanoTime() + PATIENCE.toNanos();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void awaitLists(int count) {
    await(count + " lists", () -> listsSeen >= count);
  }

  /** Every list; otherwise what is wrong. */
  void awaitLists(Referee.Verdict verdict) {
    try {
      awaitLists(verdict.folded());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + " " + faults(verdict), e);
    }
  }

  /** All that was written, where the workers have ended: up to the logs' ends, and not to those of ended transactions. */
  void readToTheEnd() {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    reader.assignment().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", brokers()))) {
      admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
    await(
        "the end of the topics",
        () -> ends.entrySet().stream().allMatch(end -> reader.position(end.getKey()) >= end.getValue()));
  }

  /** What is not as the referee says; empty: exactly once, and the same bytes. */
  List<String> faults(Referee.Verdict verdict) {
    List<String> faults = new ArrayList<>();
    verdict.lists().forEach((user, list) -> faultsOf(user, list, faults));
    lists.keySet().stream().filter(user -> !verdict.lists().containsKey(user)).forEach(faults::add);
    Map<String, Integer> refused = new HashMap<>();
    verdict.refused().forEach((reason, count) -> refused.put(reason.id(), count));
    if (!refused.equals(deadLetters)) faults.add("dead letters are " + deadLetters + ", not " + refused);
    return faults;
  }

  private void faultsOf(String user, RecommendedList expected, List<String> faults) {
    List<String> found = lists.getOrDefault(user, List.of());
    for (int place = 0; place < found.size(); ++place) {
      if (!found.get(place).contains("\"events\":" + (place + 1) + ",")) {
        faults.add(user + ": list " + (place + 1) + " is " + found.get(place));
        return;
      }
    }
    String last = new String(expected.toJson(), UTF_8);
    if (found.size() != expected.events()) faults.add(user + ": " + found.size() + " lists, not " + expected.events());
    else if (!found.get(found.size() - 1).equals(last)) {
      faults.add(user + ": " + found.get(found.size() - 1) + " is not " + last);
    }
  }

  /** Each user's last list. */
  Map<String, String> lastLists() {
    Map<String, String> last = new TreeMap<>();
    lists.forEach((user, all) -> last.put(user, all.get(all.size() - 1)));
    return last;
  }

  @Override
  public void close() {
    if (reader != null) reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    for (Process process : processes) {
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
