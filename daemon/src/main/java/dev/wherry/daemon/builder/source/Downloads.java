package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Files of web servers, kept in the content store by their digest. A server is asked whether a file is still what it was
 * (ETag, Last-Modified), so that what has not changed is not sent again; a file whose digest is known beforehand is not
 * asked for at all. What is kept lives as long as content that no image names: until the next collection.
 */
@Singleton
public final class Downloads {

    private static final int CHUNK = 32 << 10;

    private final ContentStore content;
    private final DownloadTable table;
    private final FetchLimits limits;
    private final HttpTransport plain;
    private final HttpTransport encrypted;

    public Downloads(ContentStore content, Database database, FetchLimits limits) {
        this.content = content;
        this.table = new DownloadTable(database);
        this.limits = limits;
        this.plain = new HttpTransport(host -> true, limits.patience(), "");
        this.encrypted =
                new HttpTransport(host -> false, limits.patience(), "what begins with https does not go on with http");
    }

    /**
     * A file of a server.
     *
     * @param modified when the server says it was changed; 1970 when it does not say
     */
    public record Download(String url, Digest digest, Instant modified) {}

    /**
     * What is at an address. Its content is here afterwards when the server sent it; it need not be when nothing changed.
     *
     * @param expected its digest, if that is known; then no server is asked
     * @param lease takes hold of the content
     * @throws InvalidInputException when it is no web address
     * @throws NotFoundException when the server says that there is nothing
     * @throws UnavailableException when the server does not answer as it should
     * @throws ExhaustedException when it is too large
     */
    public Download find(String url, Optional<Digest> expected, Lease lease, TransferListener arrival) {
        Optional<DownloadTable.Known> known = table.find(url);
        if (expected.isPresent()) {
            return new Download(url, expected.get(), modified(known));
        }
        return fetch(url, known, lease, arrival);
    }

    /**
     * Makes sure that the content is here.
     *
     * @return as given, with the time that the server says now
     * @throws CorruptContentException when the server has another content now
     */
    public Download bring(Download wanted, Lease lease, TransferListener arrival) {
        if (isHere(wanted.digest(), lease)) {
            return wanted;
        }
        Download fetched = fetch(wanted.url(), Optional.empty(), lease, arrival);
        if (!fetched.digest().equals(wanted.digest())) {
            throw new CorruptContentException(
                    wanted.url() + " should be " + wanted.digest() + " but is " + fetched.digest());
        }
        return fetched;
    }

    /** The content of what is here. */
    public InputStream open(Download download) {
        return content.open(download.digest());
    }

    private boolean isHere(Digest digest, Lease lease) {
        return lease.holdIf(digest, () -> content.contains(digest));
    }

    private Download fetch(String url, Optional<DownloadTable.Known> known, Lease lease, TransferListener arrival) {
        URI uri = address(url);
        // One at a time: who waited finds what the other one brought.
        try (Ingest ingest = content.ingest("url " + url)) {
            ingest.restart();
            try (RegistryResponse answer = request(uri, known)) {
                if (answer.status() == 304 && known.isPresent()) {
                    isHere(known.get().digest(), lease);
                    return new Download(url, known.get().digest(), modified(known));
                }
                check(url, answer.status());
                receive(url, answer, ingest, arrival);
                Digest digest = lease.hold(ingest::commit);
                DownloadTable.Known now = new DownloadTable.Known(
                        digest,
                        answer.header("ETag").orElse(""),
                        answer.header("Last-Modified").orElse(""));
                table.put(url, now);
                return new Download(url, digest, modified(Optional.of(now)));
            } catch (IOException failure) {
                ingest.restart();
                throw new UnavailableException("cannot fetch " + url + ": " + reason(failure), failure);
            } catch (RuntimeException failure) {
                ingest.restart();
                throw failure;
            }
        }
    }

    private static URI address(String url) {
        try {
            URI uri = URI.create(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null) {
                throw new InvalidInputException("\"" + url + "\" is no web address");
            }
            if (uri.getRawUserInfo() != null) {
                throw new InvalidInputException("the address of " + uri.getHost()
                        + " holds a user name or password, which would stay in the image's history: leave it out");
            }
            return uri.getRawFragment() == null ? uri : URI.create(url.substring(0, url.indexOf('#')));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("\"" + url + "\" is no web address");
        }
    }

    private RegistryResponse request(URI uri, Optional<DownloadTable.Known> known) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Accept", "*/*");
        known.map(DownloadTable.Known::etag)
                .filter(tag -> !tag.isEmpty())
                .ifPresent(tag -> headers.put("If-None-Match", tag));
        known.map(DownloadTable.Known::lastModified)
                .filter(time -> !time.isEmpty())
                .ifPresent(time -> headers.put("If-Modified-Since", time));
        return (uri.getScheme().equalsIgnoreCase("https") ? encrypted : plain).get(uri, headers);
    }

    private static void check(String url, int status) {
        if (status == 404 || status == 410) {
            throw new NotFoundException("file", url, url + " not found");
        }
        if (status != 200) {
            throw new UnavailableException("cannot fetch " + url + ": the server answers with status " + status);
        }
    }

    private void receive(String url, RegistryResponse answer, Ingest ingest, TransferListener arrival)
            throws IOException {
        long announced = answer.announcedLength();
        if (announced > limits.bytes()) {
            throw new ExhaustedException(limits.tooLarge(url));
        }
        TransferRate pace = new TransferRate(limits.patience());
        byte[] buffer = new byte[CHUNK];
        for (int count; (count = answer.body().read(buffer)) >= 0; ) {
            ingest.write(buffer, 0, count);
            if (ingest.offset() > limits.bytes()) {
                throw new ExhaustedException(limits.tooLarge(url));
            }
            if (pace.moved(count)) {
                arrival.moved(url, ingest.offset(), Math.max(announced, 0));
            }
        }
        if (announced >= 0 && ingest.offset() != announced) {
            throw new IOException("it announces " + announced + " bytes but sends " + ingest.offset());
        }
        arrival.moved(url, ingest.offset(), ingest.offset());
    }

    /** When the server says that a file was changed, or else the newest file in it was, if it is an archive. */
    public Optional<Instant> time(Download wanted, Lease lease) {
        if (!wanted.modified().equals(Instant.EPOCH)) {
            return Optional.of(wanted.modified());
        }
        try (InputStream content = open(bring(wanted, lease, (_, _, _) -> {}))) {
            return ContextArchives.newest(content);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read what was fetched", failure);
        }
    }

    private static Instant modified(Optional<DownloadTable.Known> known) {
        try {
            return known.map(DownloadTable.Known::lastModified)
                    .filter(time -> !time.isEmpty())
                    .map(time -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(time)))
                    .filter(time -> time.getEpochSecond() >= 0)
                    .orElse(Instant.EPOCH);
        } catch (DateTimeException malformed) {
            return Instant.EPOCH;
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case java.net.http.HttpConnectTimeoutException _ -> "it does not answer";
            case java.net.http.HttpTimeoutException _ -> "it does not answer";
            case java.net.ConnectException _ when failure.getMessage() == null -> "no connection to the server";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }
}
