import { plainLetters } from '../../../kernel/folded.js';

/**
 * Names as they are compared: in Latin letters without accents. Transliteration here needs no language: it is rough, and what is
 * left of the differences between systems (Yuri, Iouri; Mohammed, Muhammad) is what `soundOf` takes away.
 */

const latin: Readonly<Record<string, string>> = {
  ...plainLetters,
  ŋ: 'n',
  ə: 'a',
  ĸ: 'k',
};

const cyrillic: Readonly<Record<string, string>> = pairs(
  'а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ sh ъ  ы y ь  э e ю yu я ya і i ї yi є ye ґ g ў u ј j љ lj њ nj ћ c ђ dj џ dz ѓ g ќ k ѕ dz',
);

const greek: Readonly<Record<string, string>> = pairs(
  'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o',
);

/** Short vowels are not written: the sound key leaves vowels out on both sides. */
const semitic: Readonly<Record<string, string>> = pairs(
  'ا a أ a إ i آ a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k ک k ل l م m ن n ه h ة a و w ي y ی y ى a ء  ئ y ؤ w پ p چ ch گ g ژ zh א a ב b ג g ד d ה h ו v ז z ח h ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע a פ p ף p צ ts ץ ts ק k ר r ש sh ת t',
);

const kana: Readonly<Record<string, string>> = pairs(
  'あ a い i う u え e お o か ka き ki く ku け ke こ ko さ sa し shi す su せ se そ so た ta ち chi つ tsu て te と to な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho ま ma み mi む mu め me も mo や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa を o ん n が ga ぎ gi ぐ gu げ ge ご go ざ za じ ji ず zu ぜ ze ぞ zo だ da で de ど do ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ゃ ya ゅ yu ょ yo っ  ー ',
);

/** Characters of frequent Chinese names as Mandarin reads them; others stay, and match themselves. */
const han: Readonly<Record<string, string>> = pairs(
  '王 wang 李 li 张 zhang 張 zhang 刘 liu 劉 liu 陈 chen 陳 chen 杨 yang 楊 yang 黄 huang 黃 huang 赵 zhao 趙 zhao 吴 wu 吳 wu 周 zhou 徐 xu 孙 sun 孫 sun 马 ma 馬 ma 朱 zhu 胡 hu 郭 guo 何 he 高 gao 林 lin 罗 luo 羅 luo 郑 zheng 鄭 zheng 梁 liang 谢 xie 謝 xie 宋 song 唐 tang 许 xu 許 xu 韩 han 韓 han 冯 feng 馮 feng 邓 deng 鄧 deng 曹 cao 彭 peng 曾 zeng 肖 xiao 田 tian 董 dong 袁 yuan 潘 pan 于 yu 蒋 jiang 蔣 jiang 蔡 cai 余 yu 杜 du 叶 ye 葉 ye 程 cheng 苏 su 蘇 su 魏 wei 吕 lu 呂 lu 丁 ding 任 ren 沈 shen 姚 yao 卢 lu 盧 lu 伟 wei 偉 wei 芳 fang 娜 na 秀 xiu 英 ying 敏 min 静 jing 靜 jing 丽 li 麗 li 强 qiang 強 qiang 磊 lei 军 jun 軍 jun 洋 yang 勇 yong 艳 yan 杰 jie 傑 jie 娟 juan 涛 tao 濤 tao 明 ming 超 chao 霞 xia 平 ping 刚 gang 桂 gui 华 hua 華 hua 红 hong 紅 hong 玉 yu 兰 lan 飞 fei 飛 fei 鹏 peng 辉 hui 輝 hui 波 bo 斌 bin 宇 yu 浩 hao 凯 kai 健 jian 俊 jun 峰 feng 雪 xue 梅 mei 琳 lin 晨 chen 欣 xin 怡 yi 婷 ting 志 zhi 文 wen 国 guo 國 guo 建 jian 晓 xiao 曉 xiao 小 xiao 子 zi 佳 jia 天 tian 海 hai 龙 long 龍 long 云 yun 雲 yun 新 xin 春 chun 光 guang 永 yong 立 li 东 dong 東 dong 宁 ning 寧 ning 思 si 雨 yu 倩 qian 莉 li 萍 ping 玲 ling 燕 yan',
);

function pairs(text: string): Readonly<Record<string, string>> {
  const words = text.split(' ');
  const found: Record<string, string> = {};
  for (let index = 0; index < words.length; index += 2) found[words[index] ?? ''] = words[index + 1] ?? '';
  return found;
}

const letters: Readonly<Record<string, string | undefined>> = {
  ...latin,
  ...cyrillic,
  ...greek,
  ...semitic,
  ...kana,
  ...han,
};

const initials = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const vowels = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const finals = ' k k ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p h'.split(' ');

function romanHangul(code: number): string {
  const syllable = code - 0xac00;
  const initial = initials[Math.floor(syllable / 588)] ?? '';
  return initial + (vowels[Math.floor((syllable % 588) / 28)] ?? '') + (finals[syllable % 28] ?? '');
}

const plain = /^[a-z]*$/;

/** A word in lower-case Latin letters without accents; letters of scripts that are not known stay. Applying it twice changes nothing. */
export function foldWord(word: string): string {
  const lower = word.toLowerCase();
  if (plain.test(lower)) return lower;
  let folded = '';
  for (const character of lower.normalize('NFKD').toLowerCase().normalize('NFC')) folded += foldCharacter(character);
  return folded.replace(/\p{M}/gu, '').toLowerCase();
}

function foldCharacter(character: string): string {
  const known = letters[character];
  if (known !== undefined) return known;
  const code = character.charCodeAt(0);
  if (code >= 0xac00 && code <= 0xd7a3) return romanHangul(code);
  // Katakana stands 96 places above hiragana.
  if (code >= 0x30a1 && code <= 0x30f6) {
    const hiragana = letters[String.fromCharCode(code - 96)];
    if (hiragana !== undefined) return hiragana;
  }
  const parts = [...character.normalize('NFD')];
  return parts.length > 1 ? parts.map(foldCharacter).join('') : character;
}

/**
 * What is left of a folded word when spellings of one name are to be alike: its consonants by sound, with a mark for a vowel in front.
 * Müller, Mueller and Miller are alike here; what else is known of two people must tell them apart. Short words stay as they
 * are, because Li, Lu and Liu have nothing but their vowels.
 */
export function soundOf(word: string): string {
  const consonants = word
    .replace(/^(?:kh|ch(?=[rl]))/, 'k')
    .replace(/sch|sh|tsch|ch|cz|zh|dsch|dj/g, 'ʃ')
    .replace(/ph/g, 'f')
    .replace(/th|dt/g, 't')
    .replace(/kh|gh/g, 'h')
    .replace(/x/g, 'ks')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/ck|c|q/g, 'k')
    .replace(/ts|tz|z/g, 's')
    .replace(/v|w/g, 'f')
    .replace(/j(?=[aeiou])/g, 'y')
    .replace(/^[aeiouy]+/, 'ɑ')
    .replace(/[aeiouyhj]/g, '');
  const sound = consonants.replace(/(.)\1+/gu, '$1');
  return sound.length < 3 ? word : sound;
}
