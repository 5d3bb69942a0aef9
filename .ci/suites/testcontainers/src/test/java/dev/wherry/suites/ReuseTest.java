package dev.wherry.suites;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.GenericContainer;

/** Containers that outlive a test, and that the next test finds by a label. */
@Timeout(120)
class ReuseTest {

    private static GenericContainer<?> reusable(String greeting) {
        return new GenericContainer<>(ContainerTest.ALPINE)
                .withCommand("sleep", "600")
                .withEnv("GREETING", greeting)
                .withReuse(true);
    }

    @Test
    void equalContainerIsFoundAgain() {
        GenericContainer<?> first = reusable("a");
        GenericContainer<?> second = reusable("a");
        GenericContainer<?> other = reusable("b");
        try {
            first.start();
            second.start();
            other.start();
            assertThat(second.getContainerId()).isEqualTo(first.getContainerId());
            assertThat(other.getContainerId()).isNotEqualTo(first.getContainerId());
        } finally {
            first.stop();
            other.stop();
        }
    }
}
