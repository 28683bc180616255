package io.sotto.stream.kafka;

import io.sotto.SottoException;
import io.sotto.stream.DamagedState;
import io.sotto.stream.ModelRecord;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.RefusedEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the topic of models from its beginning, in every worker. Each record names a version; the latest record names
 * the current one. A record that cannot be used changes nothing but a line in the log.
 */
final class ModelFollower implements AutoCloseable {
  private static final Duration DOWNLOAD_TIME = Duration.ofMinutes(5);
  private static final Duration FIRST_READ = Duration.ofMinutes(1);

  private final ModelVersions versions;
  private final Path downloads;
  private final Lines log;
  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private Thread thread;

  /** Where sentences for the operator go. */
  interface Lines {
    void say(String line);
  }

  /** Takes the consumer over. The topic has one partition, so that its records have one order. */
  ModelFollower(
      Consumer<byte[], byte[]> consumer, String topic, ModelVersions versions, Path downloads, Lines log) {
    this.versions = versions;
    this.downloads = downloads;
    this.log = log;
    this.consumer = consumer;
    this.partitions = List.of(new TopicPartition(topic, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads what is there, and goes on in a thread. */
  void start() {
    long end = consumer.endOffsets(partitions).get(partitions.get(0));
    long deadline = System.nanoTime() + FIRST_READ.toNanos();
    String latest = null;
    while (consumer.position(partitions.get(0)) < end) {
      if (System.nanoTime() > deadline) throw new IllegalStateException("The topic of models cannot be read to its end.");
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
        String named = know(record);
        if (named != null) latest = named;
      }
    }
    if (latest != null) use(latest);
    thread = new Thread(this::follow, "sotto-models");
    thread.setDaemon(true);
    thread.start();
  }

  private void follow() {
    try {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          String named = know(record);
          if (named != null) use(named);
        }
      }
    } catch (WakeupException e) {
      // close() asks for it
    } finally {
      consumer.close();
    }
  }

  /** The version that the record names; null where it names none. */
  private String know(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) return null; // a version that nobody needs any more
    try {
      ModelRecord model = ModelRecord.read(record.value());
      versions.know(model.fingerprint(), file(model));
      return model.fingerprint();
    } catch (RefusedEvent | IOException | IllegalArgumentException e) {
      refuse(record.key() == null ? "without a name" : new String(record.key(), StandardCharsets.UTF_8), e);
      return null;
    }
  }

  private void use(String fingerprint) {
    if (versions.current().info().fingerprint().equals(fingerprint)) return;
    try {
      versions.makeCurrent(fingerprint);
      log.say("The model is now version " + fingerprint + ". Users come over when their next events come.");
    } catch (SottoException | DamagedState e) {
      refuse(fingerprint, e);
    }
  }

  private void refuse(String name, Exception why) {
    log.say("The model " + name + " of the topic of models is not used: " + why.getMessage());
  }

  private Path file(ModelRecord model) throws IOException {
    boolean isAddress = model.path().startsWith("http:") || model.path().startsWith("https:");
    if (!isAddress) return Path.of(model.path());
    Path file = downloads.resolve(model.fingerprint() + ".safetensors");
    if (!Files.exists(file)) download(URI.create(model.path()), file);
    return file;
  }

  /** The name is the version, and opening the file checks that it is. */
  private static void download(URI address, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(file.getParent(), "download-", ".part");
    try {
      HttpRequest request = HttpRequest.newBuilder(address).timeout(DOWNLOAD_TIME).build();
      HttpResponse<Path> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofFile(part));
      if (answer.statusCode() != 200) throw new IOException(address + " answers " + answer.statusCode() + ".");
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The download was interrupted.", e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    if (thread == null) {
      consumer.close();
      return;
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
