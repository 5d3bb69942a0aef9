package dev.wherry.daemon.api.docker.buildkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.control.StatusResponse;
import dev.wherry.buildkit.control.Vertex;
import dev.wherry.buildkit.control.VertexLog;
import org.junit.jupiter.api.Test;

/** What is said of a build reaches those who watch it. */
class StatusLogTest {

    private final StatusLog log = new StatusLog();

    private static StatusResponse vertex(String name) {
        return StatusResponse.newBuilder()
                .addVertexes(Vertex.newBuilder().setName(name))
                .build();
    }

    @Test
    void whoComesLateHearsTheBeginning() throws InterruptedException {
        log.say(vertex("one"));
        log.end();
        try (StatusLog.Watcher watcher = log.watch()) {
            assertThat(watcher.next()).contains(vertex("one"));
            assertThat(watcher.next()).isEmpty();
        }
    }

    @Test
    void twoHearTheSame() throws InterruptedException {
        try (StatusLog.Watcher one = log.watch();
                StatusLog.Watcher other = log.watch()) {
            log.say(vertex("one"));
            log.say(vertex("two"));
            assertThat(one.next()).contains(vertex("one"));
            assertThat(one.next()).contains(vertex("two"));
            assertThat(other.next()).contains(vertex("one"));
            assertThat(other.next()).contains(vertex("two"));
        }
    }

    @Test
    void outputThatNobodyComesToHearIsBounded() throws InterruptedException {
        StatusResponse output = StatusResponse.newBuilder()
                .addLogs(VertexLog.newBuilder().setMsg(ByteString.copyFrom(new byte[1 << 20])))
                .build();
        for (int i = 0; i < 100; i++) {
            log.say(output);
        }
        log.say(vertex("last"));
        log.end();
        int heard = 0;
        try (StatusLog.Watcher watcher = log.watch()) {
            while (watcher.next().isPresent()) {
                heard++;
            }
        }
        assertThat(heard).isLessThan(10);
    }
}
