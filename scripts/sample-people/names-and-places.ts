/** Names and places that are usual together. */
interface Culture {
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly familyFirst?: boolean;
  readonly places: readonly (readonly [city: string, region: string | undefined, country: string])[];
}

export const cultures: Readonly<Record<string, Culture>> = {
  english: {
    given: ['Olivia', 'Jack', 'Amelia', 'Noah', 'Grace', 'Ethan', 'Ruby', 'Mason', 'Hazel', 'Owen', 'Clara', 'Miles'],
    family: [
      'Ashdown',
      'Brackley',
      'Calloway',
      'Dunmore',
      'Eastwick',
      'Farrow',
      'Goodwin',
      'Hartley',
      'Ingram',
      'Kendrick',
    ],
    places: [
      ['Austin', 'TX', 'US'],
      ['Portland', 'OR', 'US'],
      ['Chicago', 'IL', 'US'],
      ['Leeds', undefined, 'GB'],
      ['Toronto', 'ON', 'CA'],
      ['Melbourne', 'VIC', 'AU'],
    ],
  },
  spanish: {
    given: ['María José', 'Santiago', 'Lucía', 'Íñigo', 'Ximena', 'Andrés', 'Inés', 'Joaquín'],
    family: ['García Márquez', 'Núñez', 'de la Peña', 'Ibáñez', 'Muñoz Soto', 'Cárdenas'],
    places: [
      ['Madrid', undefined, 'ES'],
      ['Ciudad de México', 'CDMX', 'MX'],
      ['Córdoba', undefined, 'AR'],
    ],
  },
  german: {
    given: ['Jürgen', 'Käthe', 'Anna-Lena', 'Björn', 'Sören', 'Heidrun', 'Maximilian'],
    family: ['Müller', 'Weiß', 'von der Heide', 'Schröder', 'Großmann', 'Köhler-Brandt'],
    places: [
      ['Berlin', undefined, 'DE'],
      ['Zürich', 'ZH', 'CH'],
      ['Graz', 'Steiermark', 'AT'],
    ],
  },
  french: {
    given: ['Zoé', 'François', 'Élodie', 'Benoît', 'Anaïs', 'Loïc'],
    family: ['Lefèvre', "d'Aubigny", 'Garçon', 'Noël', 'Béranger', 'Le Goff'],
    places: [
      ['Lyon', undefined, 'FR'],
      ['Montréal', 'QC', 'CA'],
      ['Bruxelles', undefined, 'BE'],
    ],
  },
  nordicAndSlavic: {
    given: ['Åsa', 'Øyvind', 'Łukasz', 'Zdeňka', 'Đorđe', 'Mirosława', 'Þóra', 'Ştefan'],
    family: [
      'Ångström-Dahl',
      'Bjørnstad',
      'Wójcik',
      'Dvořáková',
      'Živković',
      'Śliwińska',
      'Guðmundsdóttir',
      'Ționescu',
    ],
    places: [
      ['Göteborg', undefined, 'SE'],
      ['Tromsø', undefined, 'NO'],
      ['Łódź', undefined, 'PL'],
      ['Brno', undefined, 'CZ'],
    ],
  },
  vietnamese: {
    given: ['Thị Hương', 'Văn Đức', 'Ngọc Ánh', 'Quốc Bảo'],
    family: ['Nguyễn', 'Trần', 'Phạm', 'Đặng'],
    places: [
      ['Đà Nẵng', undefined, 'VN'],
      ['Hà Nội', undefined, 'VN'],
    ],
  },
  greek: {
    given: ['Ελένη', 'Γιώργος', 'Αικατερίνη', 'Νίκος', 'Θεοδώρα'],
    family: ['Παπαδάκης', 'Καραγιάννη', 'Οικονόμου', 'Βλάχος'],
    places: [
      ['Αθήνα', undefined, 'GR'],
      ['Θεσσαλονίκη', undefined, 'GR'],
    ],
  },
  cyrillic: {
    given: ['Ольга', 'Дмитрий', 'Наталія', 'Їжакевич-Андрій', 'Ваня', 'Любомир'],
    family: ['Щербакова', 'Коваленко', 'Ђорђевић', 'Димитров', 'Петренко'],
    places: [
      ['Київ', undefined, 'UA'],
      ['София', undefined, 'BG'],
      ['Алматы', undefined, 'KZ'],
    ],
  },
  arabic: {
    given: ['محمد', 'فاطمة', 'يوسف', 'ليلى', 'عمر'],
    family: ['الأحمد', 'بن صالح', 'المنصوري', 'حداد'],
    places: [
      ['دبي', undefined, 'AE'],
      ['القاهرة', undefined, 'EG'],
      ['Amman', undefined, 'JO'],
    ],
  },
  hebrew: {
    given: ['דנה', 'יוסי', 'נועה', 'איתי'],
    family: ['כהן', 'לוי', 'בן-דוד', 'פרידמן'],
    places: [
      ['תל אביב', undefined, 'IL'],
      ['Haifa', undefined, 'IL'],
    ],
  },
  chinese: {
    given: ['明月', '伟', '晓雯', '子轩', '雨桐'],
    family: ['欧阳', '王', '陳', '林', '诸葛'],
    familyFirst: true,
    places: [
      ['上海', undefined, 'CN'],
      ['臺北', undefined, 'TW'],
      ['Singapore', undefined, 'SG'],
    ],
  },
  japanese: {
    given: ['さくら', '太郎', '陽子', 'ケンジ'],
    family: ['佐藤', '山田', '髙橋', '五十嵐'],
    familyFirst: true,
    places: [
      ['東京', undefined, 'JP'],
      ['Osaka', undefined, 'JP'],
    ],
  },
  korean: {
    given: ['민준', '서연', '지우', '하은'],
    family: ['김', '박', '남궁', '최'],
    familyFirst: true,
    places: [
      ['서울', undefined, 'KR'],
      ['Busan', undefined, 'KR'],
    ],
  },
  indian: {
    given: ['प्रिया', 'अर्जुन', 'काव्या', 'रोहन'],
    family: ['शर्मा', 'श्रीवास्तव', 'वर्मा', 'कृष्णन'],
    places: [
      ['मुंबई', undefined, 'IN'],
      ['Bengaluru', 'Karnataka', 'IN'],
    ],
  },
  thai: {
    given: ['สมชาย', 'กัญญา', 'ณัฐพล'],
    family: ['ใจดี', 'ศรีสุวรรณ', 'วงศ์ไทย'],
    places: [['กรุงเทพฯ', undefined, 'TH']],
  },
};
