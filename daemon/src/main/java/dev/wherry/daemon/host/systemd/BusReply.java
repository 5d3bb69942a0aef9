package dev.wherry.daemon.host.systemd;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An answer to a method call, or a signal that nobody asked for.
 *
 * @param serial of the call that is answered; 0 for none
 * @param error name of the error; empty for success
 * @param member name of the signal; empty for an answer
 * @param body the values returned
 */
record BusReply(int serial, String error, String member, ByteBuffer body) {

    private static final int FIXED_PART = 16;
    private static final int STRUCT = 8;
    private static final int LARGEST = 1 << 20;
    private static final int MEMBER = 3;
    private static final int ERROR_NAME = 4;
    private static final int REPLY_SERIAL = 5;

    /** Reads one message. */
    static BusReply read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        byte[] fixed = new byte[FIXED_PART];
        in.readFully(fixed);
        ByteOrder order = fixed[0] == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer head = ByteBuffer.wrap(fixed).order(order);
        int bodyLength = head.getInt(4);
        int fieldsLength = head.getInt(12);
        int padded = (fieldsLength + STRUCT - 1) / STRUCT * STRUCT;
        if (bodyLength < 0 || fieldsLength < 0 || bodyLength > LARGEST || padded > LARGEST) {
            throw new IOException("systemd sent a malformed message");
        }
        byte[] fields = new byte[padded];
        byte[] body = new byte[bodyLength];
        in.readFully(fields);
        in.readFully(body);
        return of(
                ByteBuffer.wrap(fields, 0, fieldsLength).order(order),
                ByteBuffer.wrap(body).order(order));
    }

    private static BusReply of(ByteBuffer fields, ByteBuffer body) throws IOException {
        int serial = 0;
        String error = "";
        String member = "";
        while (fields.hasRemaining()) {
            int code = fields.get();
            String signature = signature(fields);
            switch (signature) {
                case "s", "o" -> {
                    String text = text(fields);
                    error = code == ERROR_NAME ? text : error;
                    member = code == MEMBER ? text : member;
                }
                case "g" -> signature(fields);
                case "u" -> {
                    align(fields, Integer.BYTES);
                    int number = fields.getInt();
                    serial = code == REPLY_SERIAL ? number : serial;
                }
                default -> throw new IOException("systemd sent a header field of type " + signature);
            }
            align(fields, STRUCT);
        }
        return new BusReply(serial, error, member, body);
    }

    /** The message of an error, which is its first value. */
    String message() {
        return body.hasRemaining() ? text(body.duplicate().order(body.order())) : "";
    }

    /** The one value returned: the path of an object. */
    String path() {
        return text(body.duplicate().order(body.order()));
    }

    /** The path of the job whose end the signal {@code JobRemoved} reports; it is the second value, after a number. */
    String removedJob() {
        ByteBuffer values = body.duplicate().order(body.order());
        values.getInt();
        return text(values);
    }

    /** The one value returned: a variant that holds a string. */
    String textInVariant() {
        ByteBuffer values = body.duplicate().order(body.order());
        signature(values);
        return text(values);
    }

    private static void align(ByteBuffer bytes, int alignment) {
        while (bytes.position() % alignment != 0 && bytes.hasRemaining()) {
            bytes.get();
        }
    }

    private static String text(ByteBuffer bytes) {
        align(bytes, Integer.BYTES);
        return terminated(bytes, bytes.getInt());
    }

    private static String signature(ByteBuffer bytes) {
        return terminated(bytes, bytes.get() & 0xFF);
    }

    private static String terminated(ByteBuffer bytes, int length) {
        byte[] text = new byte[length];
        bytes.get(text);
        bytes.get();
        return new String(text, StandardCharsets.UTF_8);
    }
}
