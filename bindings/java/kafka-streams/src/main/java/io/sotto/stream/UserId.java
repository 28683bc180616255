package io.sotto.stream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A user's id: 1 to 256 bytes of UTF-8 without control characters, chosen by the site. */
public final class UserId {
  private static final int MAX_BYTES = 256;

  private UserId() {}

  /**
   * Reads the key of a record.
   *
   * @param key the bytes; may be null
   * @return the user's id
   * @throws RefusedEvent with {@link RefusedEvent.Reason#BAD_KEY}
   */
  public static String of(byte[] key) {
    if (key == null) throw bad("The record has no key. The key is the user's id.");
    if (key.length == 0 || key.length > MAX_BYTES) {
      throw bad("The key has 1 to " + MAX_BYTES + " bytes, not " + key.length + ".");
    }
    String user;
    try {
      user = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw bad("The key is not UTF-8.");
    }
    if (user.chars().anyMatch(Character::isISOControl)) throw bad("The key has a control character.");
    return user;
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_KEY, detail);
  }
}
