package dev.wherry.daemon.host.systemd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Values in the wire format of D-Bus (D-Bus specification, "Marshaling"), in little-endian byte order. */
final class BusWriter {

    /** Requests hold names, process IDs and short texts. */
    private static final int LARGEST = 16 << 10;

    private final ByteBuffer bytes = ByteBuffer.allocate(LARGEST).order(ByteOrder.LITTLE_ENDIAN);

    byte[] toByteArray() {
        byte[] written = new byte[bytes.position()];
        bytes.get(0, written);
        return written;
    }

    /** Every value begins at a multiple of its alignment, counted from the beginning of the message. */
    BusWriter align(int alignment) {
        while (bytes.position() % alignment != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    BusWriter octet(int value) {
        bytes.put((byte) value);
        return this;
    }

    BusWriter uint32(int value) {
        align(Integer.BYTES);
        bytes.putInt(value);
        return this;
    }

    BusWriter bool(boolean value) {
        return uint32(value ? 1 : 0);
    }

    /** A string or an object path. */
    BusWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        uint32(encoded.length);
        bytes.put(encoded).put((byte) 0);
        return this;
    }

    BusWriter signature(String signature) {
        octet(signature.length());
        bytes.put(signature.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        return this;
    }

    /** @param alignment of the elements */
    BusWriter array(int alignment, Runnable elements) {
        align(Integer.BYTES);
        int length = bytes.position();
        bytes.putInt(0);
        align(alignment);
        int begin = bytes.position();
        elements.run();
        bytes.putInt(length, bytes.position() - begin);
        return this;
    }

    void writeLength(int offset, int length) {
        bytes.putInt(offset, length);
    }

    int position() {
        return bytes.position();
    }
}
