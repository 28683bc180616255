package io.sotto.stream.kafka;

/**
 * What the topology does.
 *
 * @param events the topic that is read
 * @param recommendations the topic of lists
 * @param feedbackMetrics the topic of choices by rank
 * @param deadLetter the topic of refused records
 * @param top how many items a list has, at least 1
 * @param listsEachEvent whether each event gives a list; false: lists are made when somebody asks
 * @param checksums whether lists have a checksum of the state
 * @param liveUsers how many users each partition keeps in memory, at least 1
 */
public record TopologySettings(
    String events,
    String recommendations,
    String feedbackMetrics,
    String deadLetter,
    int top,
    boolean listsEachEvent,
    boolean checksums,
    int liveUsers) {}
