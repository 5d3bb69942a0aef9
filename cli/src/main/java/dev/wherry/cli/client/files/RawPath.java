package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The bytes of file names, which need not be text. */
public final class RawPath {
    private RawPath() {}

    /** The exact bytes of an absolute path. */
    public static ByteString bytes(Path path) {
        String text = path.toString();
        // A name that is not valid UTF-8 was decoded with replacements; only then is the slow way needed.
        return text.indexOf('\ufffd') < 0 ? ByteString.copyFromUtf8(text) : undecoded(path);
    }

    /**
     * The relative path of an entry that the daemon sends; a slash at its end does not matter.
     *
     * @throws IOException when it could lead out of the folder it is relative to
     */
    static Path relative(ByteString bytes) throws IOException {
        Path path = of(bytes);
        boolean leadsOut = path.isAbsolute() || path.toString().isEmpty();
        for (Path name : path) {
            leadsOut |= name.toString().equals("..") || name.toString().equals(".");
        }
        if (leadsOut) {
            throw new IOException("wherryd sent a file with the name \"" + path + "\"");
        }
        return path;
    }

    /** The path of exactly these bytes. */
    static Path of(ByteString bytes) throws IOException {
        if (bytes.isEmpty() || hasNul(bytes)) {
            throw new IOException("wherryd sent a file with a name that cannot be");
        }
        return bytes.isValidUtf8() ? Path.of(bytes.toStringUtf8()) : undecodable(bytes);
    }

    private static boolean hasNul(ByteString bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    /** A URI can say any byte. */
    private static Path undecodable(ByteString bytes) {
        StringBuilder uri = new StringBuilder("file:///");
        for (byte b : bytes) {
            uri.append(b == '/' ? "/" : String.format("%%%02X", b & 0xff));
        }
        Path path = Path.of(URI.create(uri.toString()));
        return bytes.byteAt(0) == '/' ? path : Path.of("/").relativize(path);
    }

    /** The URI of a path escapes the bytes the path was made of. */
    private static ByteString undecoded(Path path) {
        String uri = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        ByteString all = ByteString.copyFrom(bytes.toByteArray());
        boolean slash = all.size() > 1 && all.byteAt(all.size() - 1) == '/';
        return slash ? all.substring(0, all.size() - 1) : all;
    }
}
