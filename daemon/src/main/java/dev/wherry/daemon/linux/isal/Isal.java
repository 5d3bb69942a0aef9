package dev.wherry.daemon.linux.isal;

import com.sun.jna.Native;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/** The library, loaded once if this host has it and it does on a trial what its documentation says. */
final class Isal {

    private static final String NAME = "libisal.so.2";

    private static final Optional<LibIsal> LIBRARY = load(NAME);

    private Isal() {}

    static Optional<LibIsal> library() {
        return LIBRARY;
    }

    static Optional<LibIsal> load(String name) {
        try {
            LibIsal library = Native.load(name, LibIsal.class);
            return works(library) ? Optional.of(library) : Optional.empty();
        } catch (UnsatisfiedLinkError absent) {
            return Optional.empty();
        }
    }

    /** A version with another layout of its structures would fail here, and not in the middle of an image. */
    private static boolean works(LibIsal library) {
        byte[] sample = new byte[100_000];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = (byte) (i * i >>> 7);
        }
        try {
            return deflates(library, sample) && inflates(library, sample);
        } catch (IOException | DataFormatException broken) {
            return false;
        }
    }

    private static boolean deflates(LibIsal library, byte[] sample) throws DataFormatException {
        IsalDeflater deflater = new IsalDeflater(library);
        Optional<byte[]> first = deflater.deflate(sample, sample.length, false);
        Optional<byte[]> last = deflater.deflate(sample, 10, true);
        if (first.isEmpty() || last.isEmpty()) {
            return false;
        }
        byte[] plain = new byte[sample.length + 11];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(first.get());
            int count = inflater.inflate(plain);
            inflater.setInput(last.get());
            count += inflater.inflate(plain, count, plain.length - count);
            return inflater.finished()
                    && count == sample.length + 10
                    && Arrays.equals(plain, 0, sample.length, sample, 0, sample.length)
                    && Arrays.equals(plain, sample.length, count, sample, 0, 10);
        } finally {
            inflater.end();
        }
    }

    private static boolean inflates(LibIsal library, byte[] sample) throws IOException {
        byte[] member = gzip(sample);
        byte[] members = Arrays.copyOf(member, 2 * member.length);
        System.arraycopy(member, 0, members, member.length, member.length);
        try (IsalInputStream in = new IsalInputStream(library, new ByteArrayInputStream(members))) {
            byte[] plain = in.readAllBytes();
            if (plain.length != 2 * sample.length || Arrays.mismatch(plain, sample) != sample.length) {
                return false;
            }
        }
        member[member.length - 8] ^= 1; // of its checksum
        try (IsalInputStream in = new IsalInputStream(library, new ByteArrayInputStream(member))) {
            in.readAllBytes();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(result)) {
            out.write(bytes);
        }
        return result.toByteArray();
    }
}
