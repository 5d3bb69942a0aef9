package dev.wherry.cli.client;

import java.io.ByteArrayOutputStream;

/** Watches what is typed for ctrl-p ctrl-q, which leaves a container without ending it. */
final class DetachKeys {
    private static final int CTRL_P = 0x10;
    private static final int CTRL_Q = 0x11;

    private boolean held;
    private boolean pressed;

    /** What of the input to send: a ctrl-p is held back until the next key shows what was meant. */
    byte[] filter(byte[] input, int length) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream(length + 1);
        for (int i = 0; i < length && !pressed; i++) {
            if (held && input[i] == CTRL_Q) {
                pressed = true;
            } else {
                if (held) {
                    sent.write(CTRL_P);
                }
                held = input[i] == CTRL_P;
                if (!held) {
                    sent.write(input[i]);
                }
            }
        }
        return sent.toByteArray();
    }

    boolean pressed() {
        return pressed;
    }
}
