package dev.wherry.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitAllStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategy;

/** When a container counts as started. */
@Timeout(120)
class WaitTest {

    private static final String SERVER =
            "mkdir /www; echo starting; sleep 0.5; echo up >/www/health; touch /ready; echo ready for all; exec httpd -f -p 8080 -h /www";

    private static GenericContainer<?> server(WaitStrategy strategy) {
        return new GenericContainer<>(ContainerTest.ALPINE)
                .withExposedPorts(8080)
                .withCommand("sh", "-c", SERVER)
                .withStartupTimeout(Duration.ofSeconds(20))
                .waitingFor(strategy);
    }

    private static void starts(WaitStrategy strategy) throws Exception {
        try (GenericContainer<?> server = server(strategy)) {
            server.start();
            assertThat(server.execInContainer("ls", "/ready").getExitCode()).isZero();
        }
    }

    @Test
    void forALineOfTheLog() throws Exception {
        starts(Wait.forLogMessage(".*ready for.*", 1));
    }

    @Test
    void forAListeningPort() throws Exception {
        starts(Wait.forListeningPort());
    }

    @Test
    void forAnAnswerByHttp() throws Exception {
        starts(Wait.forHttp("/health").forPort(8080).forStatusCode(200).forResponsePredicate("up"::equals));
    }

    @Test
    void forACommand() throws Exception {
        starts(Wait.forSuccessfulCommand("test -e /ready"));
    }

    @Test
    void forAllOfThem() throws Exception {
        starts(new WaitAllStrategy()
                .withStrategy(Wait.forListeningPort())
                .withStrategy(Wait.forLogMessage(".*ready for.*", 1)));
    }

    @Test
    void forTheHealthCheck() throws Exception {
        try (GenericContainer<?> server = server(Wait.forHealthcheck())) {
            server.withCreateContainerCmdModifier(command -> command.withHealthcheck(new HealthCheck()
                    .withTest(List.of("CMD", "test", "-e", "/ready"))
                    .withInterval(TimeUnit.MILLISECONDS.toNanos(200))
                    .withTimeout(TimeUnit.SECONDS.toNanos(3))
                    .withRetries(20)));
            server.start();
            assertThat(server.isHealthy()).isTrue();
        }
    }

    @Test
    void inVain() {
        try (GenericContainer<?> server =
                server(Wait.forLogMessage(".*never.*", 1).withStartupTimeout(Duration.ofSeconds(2)))) {
            assertThatThrownBy(server::start).isInstanceOf(ContainerLaunchException.class);
        }
    }
}
