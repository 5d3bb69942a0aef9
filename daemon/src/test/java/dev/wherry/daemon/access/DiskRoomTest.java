package dev.wherry.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.ExhaustedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskRoomTest {

    private static final long MOST = 10L << 20;

    /** A store of which a part can be made again. */
    private static final class Store implements DiskRoom.Use {
        private final List<String> asked = new ArrayList<>();
        private long known;
        private long measured;
        private long cache;

        Store(long known, long measured, long cache) {
            this.known = known;
            this.measured = measured;
            this.cache = cache;
        }

        @Override
        public long known() {
            asked.add("known");
            return known;
        }

        @Override
        public long measured() {
            asked.add("measured");
            return measured;
        }

        @Override
        public void reclaim(long bytes) {
            asked.add("reclaim " + bytes);
            measured -= Math.min(cache, bytes);
        }
    }

    private static DiskRoom room(Store store) {
        return new DiskRoom("red", MOST, store);
    }

    @Test
    void nothingIsCountedWhileThereIsRoom() {
        Store store = new Store(MOST, 0, 0);
        room(store).check();
        assertThat(store.asked).containsExactly("known");
    }

    @Test
    void whatSeemsTooMuchIsCounted() {
        Store store = new Store(MOST + 1, MOST, 0);
        room(store).check();
        assertThat(store.asked).containsExactly("known", "measured");
    }

    @Test
    void cacheMakesRoom() {
        Store store = new Store(MOST + 1, MOST + 5, 20);
        room(store).check();
        assertThat(store.asked).containsExactly("known", "measured", "reclaim 5", "measured");
    }

    @Test
    void refusalSaysHowMuchThereIs() {
        Store store = new Store(MOST + 1, 3 * MOST, MOST);
        assertThatThrownBy(() -> room(store).check())
                .isInstanceOf(ExhaustedException.class)
                .hasMessage(
                        "disk quota: the namespace red may take 10MiB, and takes 20MiB: remove images, containers or"
                                + " volumes (wherry system df shows them)");
    }

    @Test
    void withoutABoundNothingIsAsked() {
        Store store = new Store(MOST, MOST, 0);
        assertThatCode(() -> new DiskRoom("", 0, store).check()).doesNotThrowAnyException();
        assertThat(store.asked).isEmpty();
    }
}
