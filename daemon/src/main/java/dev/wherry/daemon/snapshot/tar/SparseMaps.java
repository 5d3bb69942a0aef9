package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.snapshot.tar.TarEntry.Extent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Where the holes of a sparse file are, in each of the four ways that GNU tar has had to say so. */
final class SparseMaps {

    /** In the header of the oldest format: pairs of twelve-byte numbers, then whether more blocks of pairs follow. */
    private static final int HEADER_PAIRS = 386;

    private static final int HEADER_PAIRS_COUNT = 4;
    private static final int BLOCK_PAIRS_COUNT = 21;
    private static final int PAIR_SIZE = 24;
    private static final int MOST_EXTENTS = 1_000_000;

    private SparseMaps() {}

    /** Real size of a file of the oldest format. */
    static long gnuSize(byte[] header) {
        return TarFields.number(header, 483, TarFields.LONG_SIZE);
    }

    static List<Extent> gnu(byte[] header, Supplier<byte[]> nextBlock, long size) {
        List<Long> numbers = new ArrayList<>();
        pairs(header, HEADER_PAIRS, HEADER_PAIRS_COUNT, numbers);
        boolean more = header[HEADER_PAIRS + HEADER_PAIRS_COUNT * PAIR_SIZE] != 0;
        while (more) {
            byte[] block = nextBlock.get();
            pairs(block, 0, BLOCK_PAIRS_COUNT, numbers);
            more = block[BLOCK_PAIRS_COUNT * PAIR_SIZE] != 0;
        }
        return extents(numbers, size);
    }

    private static void pairs(byte[] block, int offset, int count, List<Long> numbers) {
        for (int at = offset; at < offset + count * PAIR_SIZE && block[at] != 0; at += PAIR_SIZE) {
            numbers.add(TarFields.number(block, at, TarFields.LONG_SIZE));
            numbers.add(TarFields.number(block, at + TarFields.LONG_SIZE, TarFields.LONG_SIZE));
            limit(numbers.size());
        }
    }

    /** Format 0.1: all numbers in one record. */
    static List<Extent> list(byte[] record, long size) {
        List<Long> numbers = new ArrayList<>();
        for (String number : new String(record, StandardCharsets.US_ASCII).split(",")) {
            numbers.add(Pax.decimal(number.getBytes(StandardCharsets.US_ASCII)));
        }
        return extents(numbers, size);
    }

    /** Format 1.0: the numbers are lines at the beginning of the content, the first one how many pairs follow. */
    static List<Extent> lines(Supplier<byte[]> nextBlock, long size) {
        List<Long> numbers = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        long wanted = 1;
        while (numbers.size() < wanted) {
            for (byte b : nextBlock.get()) {
                if (b != '\n') {
                    line.append((char) b);
                } else if (numbers.size() < wanted) {
                    numbers.add(Pax.decimal(line.toString().getBytes(StandardCharsets.ISO_8859_1)));
                    line.setLength(0);
                    wanted = 1 + 2 * numbers.getFirst();
                    limit(wanted);
                }
                if (line.length() > 20 && numbers.size() < wanted) {
                    throw damaged();
                }
            }
        }
        return extents(numbers.subList(1, numbers.size()), size);
    }

    static List<Extent> extents(List<Long> numbers, long size) {
        if (numbers.size() % 2 != 0) {
            throw damaged();
        }
        List<Extent> extents = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < numbers.size(); i += 2) {
            Extent extent = new Extent(numbers.get(i), numbers.get(i + 1));
            if (extent.offset() < end || extent.length() < 0 || extent.offset() > size - extent.length()) {
                throw damaged();
            }
            end = extent.offset() + extent.length();
            extents.add(extent);
        }
        return extents;
    }

    private static void limit(long numbers) {
        if (numbers < 0 || numbers > 2L * MOST_EXTENTS + 1) {
            throw damaged();
        }
    }

    private static CorruptContentException damaged() {
        return new CorruptContentException("the tar stream is damaged: the map of a sparse file is malformed");
    }
}
