package dev.wherry.cli.client;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;

/** The bytes of file names, which need not be text. */
final class RawPath {
    private RawPath() {}

    /** The exact bytes of an absolute path. */
    static ByteString bytes(Path path) {
        String text = path.toString();
        // A name that is not valid UTF-8 was decoded with replacements; only then is the slow way needed.
        return text.indexOf('\ufffd') < 0 ? ByteString.copyFromUtf8(text) : undecoded(path);
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
