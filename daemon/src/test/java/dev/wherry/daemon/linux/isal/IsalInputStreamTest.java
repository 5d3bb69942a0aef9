package dev.wherry.daemon.linux.isal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsalInputStreamTest {

    /** Half of it random, half of it repeated. */
    private static byte[] plain(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        for (int i = 1000; i + 500 < length; i += 1000) {
            System.arraycopy(bytes, i - 1000, bytes, i, 500);
        }
        return bytes;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** A stream that gives at most so many bytes at a time. */
    private static InputStream inPieces(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] buffer, int from, int length) {
                return super.read(buffer, from, Math.min(length, most));
            }
        };
    }

    /** The library is among the packages that tests need. */
    private static InputStream open(InputStream stream) {
        return IsalInputStream.open(stream).orElseThrow();
    }

    private static byte[] read(byte[] stream) throws IOException {
        try (InputStream in = open(new ByteArrayInputStream(stream))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000, 65_535, 65_536, 1 << 20})
    void membersComeBackHoweverTheirBytesArrive(int most) throws IOException {
        byte[] first = plain(200_000);
        byte[] second = new byte[700_000];
        byte[] stream = join(gzip(first), gzip(new byte[0]), gzip(second), gzip(plain(3)));

        try (InputStream in = open(inPieces(stream, most))) {
            assertThat(in.readAllBytes()).isEqualTo(join(first, second, plain(3)));
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void lengthsAboutTheSizeOfBuffersComeBack() throws IOException {
        for (int around : new int[] {0, 1 << 15, 1 << 16, 1 << 17, 1 << 18}) {
            for (int length = Math.max(0, around - 3); length < around + 4; length++) {
                assertThat(read(gzip(new byte[length]))).hasSize(length);
                assertThat(read(gzip(plain(length)))).isEqualTo(plain(length));
            }
        }
    }

    /** A member whose header has a name, a comment, something extra, and a checksum if wanted. */
    private static byte[] withAllFields(byte[] plain, boolean checksum) throws IOException {
        byte[] head = join(
                new byte[] {0x1f, (byte) 0x8b, 8, (byte) (4 | 8 | 16 | (checksum ? 2 : 0)), 1, 2, 3, 4, 0, 3},
                new byte[] {3, 0, 'x', 'y', 'z'},
                "name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(head);
        byte[] sum = {(byte) crc.getValue(), (byte) (crc.getValue() >>> 8)};
        byte[] usual = gzip(plain);
        return join(head, checksum ? sum : new byte[0], Arrays.copyOfRange(usual, 10, usual.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1 << 16})
    void headersWithAllFieldsAreRead(int most) throws IOException {
        byte[] plain = plain(100_000);
        for (boolean checksum : new boolean[] {false, true}) {
            byte[] member = withAllFields(plain, checksum);
            try (InputStream in = open(inPieces(join(member, gzip(plain), member), most))) {
                assertThat(in.readAllBytes()).isEqualTo(join(plain, plain, plain));
            }
            try (InputStream in = open(inPieces(join(gzip(plain), member), most))) {
                assertThat(in.readAllBytes()).isEqualTo(join(plain, plain));
            }
        }
    }

    @Test
    void bytesBehindTheLastMemberAreLeft() throws IOException {
        byte[] plain = plain(1000);
        assertThat(read(join(gzip(plain), new byte[1]))).isEqualTo(plain);
        assertThat(read(join(gzip(plain), new byte[10_000]))).isEqualTo(plain);
    }

    @Test
    void everyCutIsAnError() throws IOException {
        byte[] stream = gzip(plain(2000));
        for (int length = 0; length < stream.length; length++) {
            byte[] cut = Arrays.copyOf(stream, length);
            assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void everyChangedBitOfContentIsAnError() throws IOException {
        byte[] stream = gzip(plain(2000));
        for (int at = 10; at < stream.length; at++) {
            byte[] changed = stream.clone();
            changed[at] ^= (byte) (1 << at % 8);
            assertThatThrownBy(() -> read(changed))
                    .as("byte %d", at)
                    .isInstanceOfAny(ZipException.class, EOFException.class);
        }
    }

    @Test
    void closedStreamGivesNothing() throws IOException {
        InputStream in = open(new ByteArrayInputStream(gzip(plain(300_000))));
        assertThat(in.read()).isEqualTo(plain(300_000)[0] & 0xff);
        in.close();
        in.close();
        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }
}
