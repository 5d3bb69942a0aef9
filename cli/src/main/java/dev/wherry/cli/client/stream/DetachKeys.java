package dev.wherry.cli.client.stream;

import dev.wherry.cli.error.Failure;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Finds the keys in typed input, usually ctrl-p ctrl-q, that detach from a container without stopping it. */
public final class DetachKeys {
    private static final byte[] USUAL = {0x10, 0x11};
    private static final String CONTROL = "ctrl-";

    private final byte[] keys;
    private int held;
    private boolean pressed;

    private DetachKeys(byte[] keys) {
        this.keys = keys;
    }

    /**
     * Reads a comma-separated sequence of keys: single characters, and {@code ctrl-} with a letter or one of
     * {@code @ [ \ ] ^ _}.
     *
     * @param text empty for the default keys
     * @throws Failure if a key is unknown
     */
    public static DetachKeys parse(String text) {
        if (text.isEmpty()) {
            return new DetachKeys(USUAL);
        }
        String[] names = text.split(",", -1);
        byte[] keys = new byte[names.length];
        for (int i = 0; i < names.length; i++) {
            keys[i] = key(text, names[i]);
        }
        return new DetachKeys(keys);
    }

    private static byte key(String text, String name) {
        if (name.length() == 1 && name.charAt(0) < 0x80) {
            return (byte) name.charAt(0);
        }
        boolean control = name.startsWith(CONTROL) && name.length() == CONTROL.length() + 1;
        char key = control ? Character.toLowerCase(name.charAt(CONTROL.length())) : 0;
        if (key >= 'a' && key <= 'z') {
            return (byte) (key - 'a' + 1);
        }
        if (key == '@' || key >= '[' && key <= '_') {
            return (byte) (key - '@');
        }
        throw new Failure("invalid detach keys (" + text + "): unknown key \"" + name
                + "\": give single characters and ctrl-LETTER with commas between them, such as ctrl-p,ctrl-q");
    }

    /** The part of the input to send. Keys that may begin the sequence are held back until the next key decides. */
    byte[] filter(byte[] input, int length) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream(length + held);
        for (int i = 0; i < length && !pressed; i++) {
            take(input[i], sent);
        }
        return sent.toByteArray();
    }

    private void take(byte key, ByteArrayOutputStream sent) {
        if (key == keys[held]) {
            held++;
            pressed = held == keys.length;
            return;
        }
        // The end of what was held may begin the sequence anew, as in "ctrl-p ctrl-p ctrl-q".
        byte[] tail = Arrays.copyOf(keys, held + 1);
        tail[held] = key;
        int kept = held;
        while (kept > 0 && !Arrays.equals(tail, tail.length - kept, tail.length, keys, 0, kept)) {
            kept--;
        }
        sent.write(tail, 0, tail.length - kept);
        held = kept;
    }

    boolean pressed() {
        return pressed;
    }
}
