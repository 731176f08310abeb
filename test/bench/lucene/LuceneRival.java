import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.Facets;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.sortedset.ConcurrentSortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiCollectorManager;
import org.apache.lucene.search.MultiPhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollector;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * Lucene as a rival of the product's search engine, by lines on standard input and output. It gets the product's own terms,
 * counts all dimensions by SortedSetDocValues, and uses as many threads as the product does. Started by lucene-rival.ts, which
 * describes the lines.
 */
public final class LuceneRival {
  private static final int THREADS = 2;
  /** Between two values, so that no phrase crosses them. */
  private static final int GAP = 100;
  private static final String PART = "\u001f";
  private static final char STEM = '\u001e';

  private final FacetsConfig facets = new FacetsConfig();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ExecutorService indexing = Executors.newFixedThreadPool(THREADS);
  private final Semaphore waiting = new Semaphore(200);
  private final IndexWriter writer;
  private final Object lock = new Object();
  private DirectoryReader reader;
  private SortedSetDocValuesReaderState state;
  private volatile boolean isServing;

  private LuceneRival(Path directory) throws Exception {
    writer = new IndexWriter(new MMapDirectory(directory), new IndexWriterConfig().setRAMBufferSizeMB(128));
  }

  public static void main(String[] arguments) throws Exception {
    LuceneRival rival = new LuceneRival(Path.of(arguments[0]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
    Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    }).scheduleWithFixedDelay(rival::refreshWhileServing, 1, 1, TimeUnit.SECONDS);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] parts = line.split("\t");
      if (parts[0].equals("upsert")) rival.upsert(parts);
      else if (parts[0].equals("loaded")) out.println(rival.loaded());
      else out.println(rival.search(parts));
    }
    rival.close();
    System.exit(0);
  }

  /** upsert, id, then a field each: kind and name, then its values. */
  private void upsert(String[] parts) throws Exception {
    waiting.acquire();
    indexing.execute(() -> {
      try {
        Document document = new Document();
        document.add(new StringField("id", parts[1], Field.Store.YES));
        for (int part = 2; part < parts.length; part++) add(document, parts[part].split(PART, -1));
        writer.updateDocument(new Term("id", parts[1]), facets.build(document));
      } catch (Exception error) {
        error.printStackTrace();
        System.exit(1);
      } finally {
        waiting.release();
      }
    });
  }

  private void add(Document document, String[] field) {
    String name = field[0].substring(1);
    switch (field[0].charAt(0)) {
      case 't' -> document.add(new TextField(name, new GivenTokens(field)));
      case 'f' -> {
        synchronized (facets) {
          facets.setMultiValued(name, true);
        }
        for (int value = 1; value < field.length; value++) {
          document.add(new SortedSetDocValuesFacetField(name, field[value]));
          document.add(new StringField("=" + name, field[value], Field.Store.NO));
        }
      }
      default -> {
        for (int value = 1; value < field.length; value++) document.add(new LongPoint(name, Long.parseLong(field[value])));
        if (name.equals("updated")) document.add(new NumericDocValuesField(name, Long.parseLong(field[1])));
      }
    }
  }

  /** Answers how many documents there are. */
  private String loaded() throws Exception {
    waiting.acquire(200);
    waiting.release(200);
    writer.commit();
    isServing = true;
    refresh();
    return String.valueOf(reader.numDocs());
  }

  /** Finishes merges that are under way: another process may measure the index. */
  private synchronized void close() throws Exception {
    isServing = false;
    writer.close();
  }

  private void refreshWhileServing() {
    try {
      refresh();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }

  private synchronized void refresh() throws Exception {
    if (!isServing) return;
    DirectoryReader before = reader;
    DirectoryReader after = before == null ? DirectoryReader.open(writer) : DirectoryReader.openIfChanged(before, writer);
    if (after == null) return;
    SortedSetDocValuesReaderState counted = new DefaultSortedSetDocValuesReaderState(after);
    synchronized (lock) {
      reader = after;
      state = counted;
    }
    if (before != null) before.close();
  }

  /** search, order, how many hits, dimensions, then the query in postfix order. Answers milliseconds, total, counts. */
  private String search(String[] parts) throws Exception {
    synchronized (lock) {
      long begun = System.nanoTime();
      IndexSearcher searcher = new IndexSearcher(reader, threads);
      Query query = queryOf(parts);
      int first = Integer.parseInt(parts[2]);
      CollectorManager<?, ? extends TopDocs> top = parts[1].equals("updated")
          ? TopFieldCollector.createSharedManager(new Sort(new SortField("updated", SortField.Type.LONG, true)), first, null, Integer.MAX_VALUE)
          : TopScoreDocCollector.createSharedManager(first, null, Integer.MAX_VALUE);
      Object[] found = (Object[]) searcher.search(query, new MultiCollectorManager(top, new FacetsCollectorManager()));
      TopDocs hits = (TopDocs) found[0];
      for (var hit : hits.scoreDocs) searcher.doc(hit.doc).get("id");
      StringBuilder counts = new StringBuilder();
      Facets counted = new ConcurrentSortedSetDocValuesFacetCounts(state, (FacetsCollector) found[1], threads);
      for (String dimension : parts[3].split(PART)) {
        FacetResult result = counted.getTopChildren(10, dimension);
        counts.append('\t').append(dimension);
        if (result != null) for (LabelAndValue value : result.labelValues) counts.append(PART).append(value.value);
      }
      double milliseconds = (System.nanoTime() - begun) / 1e6;
      return milliseconds + "\t" + hits.totalHits.value + counts;
    }
  }

  private Query queryOf(String[] parts) throws Exception {
    Deque<Query> stack = new ArrayDeque<>();
    for (int place = 4; place < parts.length; place++) {
      String[] step = parts[place].split(PART, -1);
      switch (step[0]) {
        case "all" -> stack.push(new MatchAllDocsQuery());
        case "text" -> stack.push(text(step));
        case "value" -> stack.push(new TermQuery(new Term("=" + step[1], step[2])));
        case "numbers" -> stack.push(LongPoint.newRangeQuery(step[1], Long.parseLong(step[2]), Long.parseLong(step[3])));
        case "not" -> stack.push(new BooleanQuery.Builder()
            .add(new MatchAllDocsQuery(), Occur.MUST).add(stack.pop(), Occur.MUST_NOT).build());
        default -> {
          BooleanQuery.Builder group = new BooleanQuery.Builder();
          for (int count = Integer.parseInt(step[1]); count > 0; count--) {
            group.add(stack.pop(), step[0].equals("and") ? Occur.MUST : Occur.SHOULD);
          }
          stack.push(group.build());
        }
      }
    }
    return stack.pop();
  }

  /** Terms side by side; each place has alternatives with spaces between them, and a beginning ends with a star. */
  private Query text(String[] step) throws Exception {
    String field = step[1];
    if (step.length == 3) {
      BooleanQuery.Builder any = new BooleanQuery.Builder();
      for (String term : step[2].split(" ")) any.add(isPrefix(term) ? new PrefixQuery(wanted(field, term)) : new TermQuery(wanted(field, term)), Occur.SHOULD);
      return any.build();
    }
    MultiPhraseQuery.Builder phrase = new MultiPhraseQuery.Builder();
    for (int place = 2; place < step.length; place++) {
      List<Term> terms = new ArrayList<>();
      for (String term : step[place].split(" ")) {
        if (isPrefix(term)) terms.addAll(beginningWith(wanted(field, term)));
        else terms.add(wanted(field, term));
      }
      phrase.add(terms.toArray(Term[]::new));
    }
    return phrase.build();
  }

  private static boolean isPrefix(String term) {
    return term.endsWith("*");
  }

  private static Term wanted(String field, String term) {
    return new Term(field, isPrefix(term) ? term.substring(0, term.length() - 1) : term);
  }

  private List<Term> beginningWith(Term prefix) throws Exception {
    List<Term> found = new ArrayList<>();
    Terms terms = MultiTerms.getTerms(reader, prefix.field());
    if (terms == null) return found;
    TermsEnum each = terms.iterator();
    if (each.seekCeil(prefix.bytes()) == TermsEnum.SeekStatus.END) return found;
    for (BytesRef term = each.term(); term != null && term.utf8ToString().startsWith(prefix.text()); term = each.next()) {
      found.add(new Term(prefix.field(), BytesRef.deepCopyOf(term)));
    }
    return found;
  }

  /** The terms of all values of a field, as they were given; a stem stands where its term does. */
  private static final class GivenTokens extends TokenStream {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final PositionIncrementAttribute step = addAttribute(PositionIncrementAttribute.class);
    private final String[] values;
    private String[] tokens = new String[0];
    private String stem;
    private int value;
    private int token;

    GivenTokens(String[] values) {
      this.values = values;
    }

    @Override
    public boolean incrementToken() {
      clearAttributes();
      if (stem != null) {
        term.append('~').append(stem);
        step.setPositionIncrement(0);
        stem = null;
        return true;
      }
      int gap = 1;
      while (token == tokens.length) {
        if (++value >= values.length) return false;
        tokens = values[value].isEmpty() ? new String[0] : values[value].split(" ");
        token = 0;
        gap = GAP;
      }
      String next = tokens[token++];
      int cut = next.indexOf(STEM);
      if (cut >= 0) stem = next.substring(cut + 1);
      term.append(cut >= 0 ? next.substring(0, cut) : next);
      step.setPositionIncrement(gap);
      return true;
    }
  }
}
