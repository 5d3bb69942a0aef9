package dev.wherry.daemon.linux;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Paths as the bytes that they are to the kernel. A {@code Path} that the file system gave keeps bytes that are no
 * UTF-8, but its {@code toString} loses them, so such a name goes by way of its URI, which keeps each as {@code %XX}.
 */
public final class PathBytes {

    private static final Path SLASH = Path.of("/");
    private static final char REPLACEMENT = '\uFFFD';
    private static final boolean NAMES_ARE_UTF8 = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private PathBytes() {}

    /** The bytes of a path, relative or absolute, as the kernel would be given them. */
    public static byte[] of(Path path) {
        String text = path.toString();
        return NAMES_ARE_UTF8 && text.indexOf(REPLACEMENT) < 0 ? text.getBytes(StandardCharsets.UTF_8) : odd(path);
    }

    /** The bytes of a path and a NUL, as system calls take it. */
    static byte[] terminated(Path path) {
        return terminated(of(path));
    }

    static byte[] terminated(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static byte[] terminated(String text) {
        return terminated(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The path that these bytes name, without repeated and final slashes.
     *
     * @throws InvalidPathException when a byte is NUL
     */
    public static Path path(byte[] bytes) {
        if (NAMES_ARE_UTF8) {
            try {
                return Path.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (CharacterCodingException notUtf8) {
                return odd(bytes);
            }
        }
        return odd(bytes);
    }

    private static byte[] odd(Path path) {
        byte[] absolute = unescape(SLASH.resolve(path).toUri().getRawPath());
        int end = absolute.length;
        // The URI of an existing directory ends in a slash.
        if (end > 1 && absolute[end - 1] == '/') {
            end--;
        }
        return Arrays.copyOfRange(absolute, path.isAbsolute() ? 0 : 1, end);
    }

    private static byte[] unescape(String escaped) {
        byte[] bytes = new byte[escaped.length()];
        int length = 0;
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) Integer.parseInt(escaped, i + 1, i + 3, 16);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static Path odd(byte[] bytes) {
        StringBuilder uri = new StringBuilder("file:///");
        boolean slash = true;
        for (byte b : bytes) {
            if (b == 0) {
                throw new InvalidPathException(new String(bytes, StandardCharsets.UTF_8), "NUL in a path");
            }
            if (b != '/') {
                uri.append('%').append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            } else if (!slash) {
                uri.append('/');
            }
            slash = b == '/';
        }
        Path absolute = Path.of(URI.create(uri.toString()));
        if (bytes.length > 0 && bytes[0] == '/') {
            return absolute;
        }
        return bytes.length == 0 ? Path.of("") : SLASH.relativize(absolute);
    }
}
