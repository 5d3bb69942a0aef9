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

    /** How it ended. */
    enum End {
        /** There is no more. */
        ENDED,
        /** The user pressed the keys that leave the process. */
        LEFT,
        /** Nobody takes it any more. */
        REFUSED
    }

    /**
     * Copies it until it ends.
     *
     * @param keys what leaves the process, if anything does
     * @param send takes a piece; {@code false} when nobody wants more
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
                    return End.LEFT;
                }
            }
        } catch (IOException e) {
            // Input that cannot be read any more has ended.
        }
        return End.ENDED;
    }
}
