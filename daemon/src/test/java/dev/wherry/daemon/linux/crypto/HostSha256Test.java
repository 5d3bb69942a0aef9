package dev.wherry.daemon.linux.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostSha256Test {

    private final MessageDigest host = HostSha256.find().orElseThrow();
    private final Random random = new Random(1);

    @Test
    void computesWhatTheJdkComputes() throws Exception {
        MessageDigest jdk = MessageDigest.getInstance("SHA-256");
        byte[] bytes = new byte[300_000];
        random.nextBytes(bytes);
        for (int round = 0; round < 200; round++) {
            int start = random.nextInt(round + 1);
            int length = random.nextInt(round * 1000 + 1);
            for (MessageDigest digest : new MessageDigest[] {host, jdk}) {
                digest.update(bytes, start, length);
                digest.update((byte) round);
                digest.update(ByteBuffer.wrap(bytes, start, length));
                digest.update(ByteBuffer.allocateDirect(length).put(0, bytes, start, length));
            }
            if (round % 3 == 0) {
                assertThat(host.digest()).isEqualTo(jdk.digest());
            }
        }
        assertThat(host.digest()).isEqualTo(jdk.digest());
    }

    @Test
    void startsAnewWhenReset() throws Exception {
        host.update(new byte[100]);
        host.reset();

        assertThat(host.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest());
    }
}
