package dev.wherry.daemon.container.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.network.lifecycle.NetworkSetups;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StartingNetworkTest {

    private static StartingNetwork starting(Runnable connecting) {
        return new StartingNetwork(
                ProcessNetwork.of(NetworkMode.NONE), OwnNames.NONE, Optional.of(NetworkSetups.of(connecting)));
    }

    /** The namespace of a network that fails is taken away at once, under the hands of the runtime. */
    @Test
    void failureOfTheNetworkIsTheReasonAndNotWhatFailsForLackOfIt() throws Exception {
        HostException reason = new HostException("aardvark-dns cannot be started");
        CountDownLatch gone = new CountDownLatch(1);
        try (StartingNetwork network = starting(() -> {
            gone.countDown();
            throw reason;
        })) {
            assertThatThrownBy(() -> network.meanwhile(() -> {
                        try {
                            gone.await();
                        } catch (InterruptedException end) {
                            throw new IOException(end);
                        }
                        throw new IOException("open netns: no such file or directory");
                    }))
                    .isSameAs(reason);
        }
    }

    @Test
    void failureOfTheWorkIsTheReasonWhenTheNetworkIsThere() {
        try (StartingNetwork network = starting(() -> {})) {
            assertThatThrownBy(() -> network.meanwhile(() -> {
                        throw new IOException("no space left");
                    }))
                    .hasMessage("no space left");
        }
    }

    @Test
    void resultIsThereWhenTheContainerIsConnected() throws Exception {
        CountDownLatch made = new CountDownLatch(1);
        AtomicBoolean connected = new AtomicBoolean();
        try (StartingNetwork network = starting(() -> {
            try {
                made.await();
            } catch (InterruptedException end) {
                throw new IllegalStateException(end);
            }
            connected.set(true);
        })) {
            String result = network.meanwhile(() -> {
                made.countDown();
                return "made";
            });
            assertThat(result).isEqualTo("made");
            assertThat(connected).isTrue();
        }
    }
}
