package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.CompressedRequest;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Requests of a build that the client compressed. */
final class CompressedRequests {

    /** No message is larger, compressed or not. */
    private static final int LARGEST = 256 << 10;

    private CompressedRequests() {}

    /**
     * The request itself, or the one that is compressed in it.
     *
     * @throws InvalidInputException when it is damaged, or larger than it says
     */
    static BuildRequest plain(BuildRequest request) {
        return request.hasCompressed() ? inflate(request.getCompressed()) : request;
    }

    private static BuildRequest inflate(CompressedRequest compressed) {
        int size = compressed.getSize();
        if (size < 0 || size > LARGEST) {
            throw new InvalidInputException("the client sent a compressed message of " + size + " bytes");
        }
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(compressed.getData().asReadOnlyByteBuffer());
            byte[] plain = new byte[size];
            int count = inflater.inflate(plain);
            // Also reads the checksum at the end.
            boolean whole = count == size && inflater.inflate(new byte[1]) == 0 && inflater.finished();
            if (!whole) {
                throw damaged();
            }
            return BuildRequest.parseFrom(plain);
        } catch (DataFormatException | InvalidProtocolBufferException damaged) {
            throw damaged();
        }
    }

    private static InvalidInputException damaged() {
        return new InvalidInputException("the client sent a compressed message that is damaged");
    }
}
