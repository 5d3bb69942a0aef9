package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.control.BytesMessage;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.CancelledException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The bytes of a session that are messages of a call. */
final class SessionTunnel {

    private SessionTunnel() {}

    static InputStream input(RequestQueue<BytesMessage> in) {
        return new InputStream() {
            private ByteString piece = ByteString.EMPTY;
            private int at;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                try {
                    while (at == piece.size()) {
                        Optional<BytesMessage> next = in.next();
                        if (next.isEmpty()) {
                            return -1;
                        }
                        piece = next.get().getData();
                        at = 0;
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CancelledException("the session was cancelled", interrupted);
                }
                int count = Math.min(length, piece.size() - at);
                piece.copyTo(buffer, at, offset, count);
                at += count;
                return count;
            }
        };
    }

    static OutputStream output(ResponseSender<BytesMessage> out) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                try {
                    out.send(BytesMessage.newBuilder()
                            .setData(ByteString.copyFrom(bytes, offset, length))
                            .build());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CancelledException("the session was cancelled", interrupted);
                }
            }
        };
    }
}
