package dev.wherry.daemon.content;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.crypto.HostSha256;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The digest of some bytes, as the OCI image specification writes it ("Digests"): {@code sha256:} and 64 lower-case
 * hexadecimal digits, or {@code sha512:} and 128. A value of this type is always well-formed.
 */
@RegisterForReflection
public record Digest(String algorithm, String hex) implements Comparable<Digest> {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]*");

    /** A JVM compiles for the processor it runs on, a native executable was compiled for any. */
    private static final boolean IN_EXECUTABLE = System.getProperty("org.graalvm.nativeimage.imagecode") != null;

    public Digest {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha512" -> 128;
            default ->
                throw new InvalidInputException(
                        "digest algorithm \"" + algorithm + "\" is not supported: use sha256 or sha512");
        };
        if (hex.length() != length || !HEX.matcher(hex).matches()) {
            throw new InvalidInputException("\"" + algorithm + ":" + hex + "\" is not a digest");
        }
    }

    /** @throws InvalidInputException when the text is no digest */
    @JsonCreator
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new InvalidInputException("\"" + text + "\" is not a digest");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    public static Digest sha256(byte[] bytes) {
        return ofSha256(newSha256().digest(bytes));
    }

    public static Digest sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest whose 32 raw bytes a finished SHA-256 gave. */
    public static Digest ofSha256(byte[] raw) {
        return new Digest("sha256", HexFormat.of().formatHex(raw));
    }

    public static MessageDigest newSha256() {
        return newMessageDigest("SHA-256");
    }

    /** A fresh SHA-256 for what may be long, such as files and layers: as fast as this host can. */
    public static MessageDigest newBulkSha256() {
        return IN_EXECUTABLE ? HostSha256.find().orElseGet(Digest::newSha256) : newSha256();
    }

    /** A fresh computation of this digest's algorithm. */
    public MessageDigest newMessageDigest() {
        return algorithm.equals("sha256") ? newBulkSha256() : newMessageDigest("SHA-512");
    }

    private static MessageDigest newMessageDigest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The first twelve hexadecimal digits, as shown to people. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return toString().compareTo(other.toString());
    }

    @Override
    @JsonValue
    public String toString() {
        return algorithm + ":" + hex;
    }

    // Written out: those that a record comes with are interpreted in a native executable.
    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && algorithm.equals(that.algorithm) && hex.equals(that.hex);
    }

    @Override
    public int hashCode() {
        return 31 * algorithm.hashCode() + hex.hashCode();
    }
}
