package dev.wherry.cli.client.stream;

import dev.wherry.cli.error.Failure;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Watches what is typed for the keys, usually ctrl-p ctrl-q, that leave a container without ending it. */
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
     * Reads a sequence of keys with commas between them: single characters, and {@code ctrl-} with a letter or one of
     * {@code @ [ \ ] ^ _}.
     *
     * @param text empty for the usual keys
     * @throws Failure when there is no such key
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

    /** What of the input to send: keys of the sequence are held back until the next shows what was meant. */
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
