package dev.wherry.daemon.api.cri.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.ExhaustedException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PendingStreamsTest {

    private static final StreamTarget TARGET =
            new StreamTarget.Process(Caller.DAEMON, new StreamOptions(false, true, true, false), client -> 0);

    private Instant now = Instant.EPOCH;
    private final PendingStreams pending = new PendingStreams(() -> now);

    @Test
    void pathIsGoodForOneUse() {
        String path = pending.add("exec", TARGET);
        assertThat(path).matches("/exec/[0-9a-f]{64}");
        assertThat(pending.take(path)).contains(TARGET);
        assertThat(pending.take(path)).isEmpty();
    }

    @Test
    void pathBelongsToItsKind() {
        assertThat(pending.take(pending.add("exec", TARGET).replace("exec", "attach")))
                .isEmpty();
    }

    @Test
    void pathExpires() {
        String path = pending.add("exec", TARGET);
        now = now.plus(PendingStreams.LIFE);
        assertThat(pending.take(path)).isEmpty();
    }

    @Test
    void numberOfPathsIsBounded() {
        for (int i = 0; i < PendingStreams.MOST; i++) {
            pending.add("exec", TARGET);
        }
        assertThatThrownBy(() -> pending.add("exec", TARGET)).isInstanceOf(ExhaustedException.class);
        now = now.plus(PendingStreams.LIFE);
        assertThat(pending.take(pending.add("exec", TARGET))).isPresent();
    }
}
