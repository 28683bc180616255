package io.sotto.stream.kafka;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One limit for the memory of all stores of a process. By default each store of each partition takes up to 98 MB, which
 * is 1.6 GB with 8 partitions.
 */
public final class SharedRocksMemory implements RocksDBConfigSetter {
  private static final long CACHE_BYTES = 96L << 20;
  private static final long WRITE_BYTES = 48L << 20; // part of the cache
  private static final long STORE_WRITE_BYTES = 4L << 20;

  private static final Cache CACHE;
  private static final WriteBufferManager WRITES;

  static {
    RocksDB.loadLibrary();
    CACHE = new LRUCache(CACHE_BYTES);
    WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);
  }

  /** Kafka Streams makes one for each store. */
  public SharedRocksMemory() {}

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITES);
    options.setWriteBufferSize(STORE_WRITE_BYTES);
    options.setMaxWriteBufferNumber(3);
  }

  /** The memory stays for the other stores. */
  @Override
  public void close(String store, Options options) {}
}
