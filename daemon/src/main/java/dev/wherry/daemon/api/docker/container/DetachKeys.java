package dev.wherry.daemon.api.docker.container;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Looks in what is typed for the keys by which one leaves a terminal. Those that turn out to be others are passed on. */
final class DetachKeys {

    private static final String STANDARD = "ctrl-p,ctrl-q";
    private static final String CONTROL = "ctrl-";
    private static final String CONTROLLED = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

    private final byte[] keys;
    private int seen;

    private DetachKeys(byte[] keys) {
        this.keys = keys;
    }

    /**
     * @param text keys with commas between them, each a character or {@code ctrl-} and one; empty for docker's own
     * @throws InvalidInputException when it is something else
     */
    static DetachKeys parse(String text) {
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        for (String key : (text.isEmpty() ? STANDARD : text).split(",", -1)) {
            int code = key.startsWith(CONTROL) && key.length() == CONTROL.length() + 1
                    ? CONTROLLED.indexOf(key.charAt(CONTROL.length()))
                    : key.length() == 1 && key.charAt(0) < 0x80 ? key.charAt(0) : -1;
            if (code < 0) {
                throw new InvalidInputException("Invalid detach keys (" + text + "): Unknown character: '" + key + "'")
                        .in("detachKeys");
            }
            keys.write(code);
        }
        return new DetachKeys(keys.toByteArray());
    }

    /**
     * Takes what was typed.
     *
     * @param passed receives what belongs to the program
     * @return whether all keys have been typed; what follows them is nobody's
     */
    boolean take(byte[] typed, int length, ByteArrayOutputStream passed) {
        for (int i = 0; i < length; i++) {
            if (typed[i] != keys[seen]) {
                passed.writeBytes(Arrays.copyOf(keys, seen));
                seen = 0;
            }
            if (typed[i] == keys[seen]) {
                seen++;
                if (seen == keys.length) {
                    return true;
                }
            } else {
                passed.write(typed[i]);
            }
        }
        return false;
    }
}
