package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class RuntimeChoiceTest {

    private static final Optional<Path> CRUN = Optional.of(Path.of("/usr/bin/crun"));
    private static final Optional<Path> RUNC = Optional.of(Path.of("/usr/sbin/runc"));
    private static final Optional<String> BUSY = Optional.of("the host is busy");

    /** What the next trials say; the last one is said again. */
    private final Queue<Optional<String>> trials = new ArrayDeque<>();

    private final List<Duration> triedAt = new ArrayList<>();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private Duration now = Duration.ZERO;

    private final RuntimeChoice choice = new RuntimeChoice(
            () -> DefaultRuntime.choose(CRUN, RUNC, _ -> {
                triedAt.add(now);
                return trials.size() > 1 ? trials.remove() : trials.element();
            }),
            () -> now.toNanos(),
            background::add);

    private String chosenAt(Duration time) {
        now = time;
        return choice.current().name();
    }

    @Test
    void trialThatFailedForAReasonOfTheMomentIsRepeated() {
        trials.addAll(List.of(BUSY, Optional.empty()));
        assertThat(chosenAt(Duration.ZERO)).isEqualTo("runc");

        assertThat(chosenAt(RuntimeChoice.FIRST_PAUSE.minusNanos(1))).isEqualTo("runc");
        assertThat(background).isEmpty();

        assertThat(chosenAt(RuntimeChoice.FIRST_PAUSE))
                .as("nobody waits for it")
                .isEqualTo("runc");
        assertThat(chosenAt(RuntimeChoice.FIRST_PAUSE)).isEqualTo("runc");
        assertThat(background).hasSize(1);
        background.remove().run();

        assertThat(chosenAt(RuntimeChoice.FIRST_PAUSE)).isEqualTo("crun");
        assertThat(chosenAt(RuntimeChoice.LONGEST_PAUSE.multipliedBy(9))).isEqualTo("crun");
        assertThat(background).isEmpty();
    }

    @Test
    void trialThatAlwaysFailsIsRepeatedEverMoreSeldom() {
        trials.add(BUSY);
        for (int minute = 0; minute <= 200; minute++) {
            assertThat(chosenAt(Duration.ofMinutes(minute))).isEqualTo("runc");
            while (!background.isEmpty()) {
                background.remove().run();
            }
        }
        assertThat(triedAt.stream().map(Duration::toMinutes))
                .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);
    }
}
