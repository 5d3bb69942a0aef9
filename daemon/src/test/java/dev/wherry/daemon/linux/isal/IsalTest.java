package dev.wherry.daemon.linux.isal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IsalTest {

    @Test
    void libraryPassesItsTrial() {
        assertThat(Isal.load("libisal.so.2")).isPresent();
    }

    @Test
    void libraryThatIsNotThereOrHasOtherFunctionsIsNotUsed() {
        assertThat(Isal.load("libnosuchthing.so.2")).isEmpty();
        assertThat(Isal.load("libz.so.1")).isEmpty();
    }
}
