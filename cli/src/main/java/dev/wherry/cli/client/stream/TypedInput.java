package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** Standard input on its way to a process in a container. */
final class TypedInput {
    private static final int CHUNK = 32 << 10;

    private TypedInput() {}

    /** How the copy ended. */
    enum End {
        /** Standard input ended. */
        ENDED,
        /** The user pressed the keys that detach. */
        DETACHED,
        /** The receiver takes no more. */
        REFUSED
    }

    /**
     * Copies standard input until it ends.
     *
     * @param keys the keys that detach, if any do
     * @param send takes a piece; {@code false} if the receiver takes no more
     */
    static End copy(InputStream in, Optional<DetachKeys> keys, Predicate<ByteString> send) {
        byte[] buffer = new byte[CHUNK];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                byte[] data = keys.isPresent() ? keys.get().filter(buffer, n) : Arrays.copyOf(buffer, n);
                if (data.length > 0 && !send.test(ByteString.copyFrom(data))) {
                    return End.REFUSED;
                }
                if (keys.isPresent() && keys.get().pressed()) {
                    return End.DETACHED;
                }
            }
        } catch (IOException e) {
            // Input that can no longer be read has ended.
        }
        return End.ENDED;
    }
}
