package dev.wherry.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.error.ConflictException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FailureTextTest {

    @Test
    void ownWordsWinOverThoseOfTheirCausesAndOfWhoPassedThemOn() {
        assertThat(FailureText.of(new RuntimeException(
                        "Failed to start application",
                        new ConflictException("the root belongs to another wherryd", new SQLException("locked")))))
                .isEqualTo("the root belongs to another wherryd");
    }

    @Test
    void neverNamesTheClassOfAnException() {
        SQLException timedOut =
                new SQLException("Acquisition timeout while waiting for a connection", new TimeoutException());

        assertThat(FailureText.of(new RuntimeException(timedOut)))
                .isEqualTo("Acquisition timeout while waiting for a connection");
        assertThat(FailureText.of(new RuntimeException(new TimeoutException())))
                .isEqualTo("an internal error ended the daemon: start it with --log-level debug to see where");
        assertThat(FailureText.of(new NullPointerException())).doesNotContain("Exception");
    }
}
