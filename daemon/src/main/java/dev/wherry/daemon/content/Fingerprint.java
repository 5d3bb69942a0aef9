package dev.wherry.daemon.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes the digest of a canonical definition: a kind and a sequence of fields, each preceded by its length, so that
 * two definitions have the same digest exactly when all their fields are the same.
 */
public final class Fingerprint {

    /** Changes when the meaning of a step changes, so that no older record is taken for a newer step. */
    private static final String FORMAT = "wherry.cache.v1";

    private final MessageDigest digest = Digest.newSha256();
    private final byte[] number = new byte[Long.BYTES];

    public Fingerprint(String kind) {
        add(FORMAT);
        add(kind);
    }

    public Fingerprint add(byte[] field) {
        return add(field, field.length);
    }

    /** Adds the first {@code length} bytes. */
    public Fingerprint add(byte[] field, int length) {
        add(length);
        digest.update(field, 0, length);
        return this;
    }

    public Fingerprint add(String field) {
        return add(field.getBytes(StandardCharsets.UTF_8));
    }

    public Fingerprint add(Digest field) {
        return add(field.toString());
    }

    public Fingerprint add(long field) {
        for (int i = 0; i < number.length; i++) {
            number[i] = (byte) (field >>> (8 * i));
        }
        digest.update(number);
        return this;
    }

    public Fingerprint add(Collection<String> fields) {
        add(fields.size());
        fields.forEach(this::add);
        return this;
    }

    /** Adds a map in the order of its keys. */
    public Fingerprint add(Map<String, String> fields) {
        add(fields.size());
        new TreeMap<>(fields).forEach((key, value) -> add(key).add(value));
        return this;
    }

    /** The digest; nothing can be added afterwards. */
    public Digest digest() {
        return Digest.ofSha256(digest.digest());
    }
}
