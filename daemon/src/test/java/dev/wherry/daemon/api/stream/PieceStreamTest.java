package dev.wherry.daemon.api.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.error.CancelledException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PieceStreamTest {

    private static PieceStream of(String... pieces) {
        Iterator<String> left = List.of(pieces).iterator();
        return new PieceStream("the client went away") {
            @Override
            protected Optional<ByteString> next() throws InterruptedException {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                return left.hasNext() ? Optional.of(ByteString.copyFromUtf8(left.next())) : Optional.empty();
            }
        };
    }

    @Test
    void piecesAreReadInTheirOrderAndEmptyOnesAreNoEnd() throws Exception {
        assertThat(of("one", "", "two").readAllBytes()).asString().isEqualTo("onetwo");
        assertThat(of("", "x").read()).isEqualTo('x');
        assertThat(of().read()).isEqualTo(-1);
    }

    @Test
    void pieceMayBeLargerThanWhatIsReadAtOnce() {
        PieceStream stream = of("abc");
        byte[] two = new byte[2];

        assertThat(stream.read(two, 0, 2)).isEqualTo(2);
        assertThat(stream.read(two, 0, 2)).isEqualTo(1);
        assertThat(two).asString().isEqualTo("cb");
        assertThat(stream.read(two, 0, 2)).isEqualTo(-1);
    }

    @Test
    void interruptedReaderIsCancelled() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> of("abc").read())
                .isInstanceOf(CancelledException.class)
                .hasMessage("the client went away");
        assertThat(Thread.interrupted()).isTrue();
    }
}
