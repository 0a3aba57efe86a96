// What large towns are called in the languages of the web, where that differs: GeoNames' name and country | es | fr | de | pt | ar | others.
// An empty field: as GeoNames has it. Others are found when somebody types them, and shown to nobody.
const TABLE = `
Addis Ababa ET|Adís Abeba|Addis-Abeba|Addis Abeba|Adis Abeba|أديس أبابا|
Alexandria EG|Alejandría|Alexandrie|Alexandria|Alexandria|الإسكندرية|
Algiers DZ|Argel|Alger|Algier|Argel|الجزائر|
Amman JO|Ammán|Amman|Amman|Amã|عمّان|عمان
Amsterdam NL|Ámsterdam||||أمستردام|
Antwerpen BE|Amberes|Anvers||Antuérpia|أنتويرب|Antwerp
Athens GR|Atenas|Athènes|Athen|Atenas|أثينا|Αθήνα,Athina
Baghdad IQ|Bagdad|Bagdad|Bagdad|Bagdá|بغداد|
Bangkok TH||||Banguecoque|بانكوك|
Barcelona ES||Barcelone|||برشلونة|
Basel CH|Basilea|Bâle||Basileia|بازل|
Beijing CN|Pekín|Pékin|Peking|Pequim|بكين|北京
Beirut LB||Beyrouth||Beirute|بيروت|
Belgrade RS|Belgrado||Belgrad|Belgrado|بلغراد|Beograd,Београд
Berlin DE|Berlín|||Berlim|برلين|
Bern CH|Berna|Berne||Berna|برن|
Bologna IT|Bolonia|Bologne||Bolonha|بولونيا|
Bordeaux FR|Burdeos|||Bordéus|بوردو|
Bratislava SK||||Bratislava|براتيسلافا|Pressburg
Brussels BE|Bruselas|Bruxelles|Brüssel|Bruxelas|بروكسل|Brussel
Bucharest RO|Bucarest|Bucarest|Bukarest|Bucareste|بوخارست|București
Budapest HU||||Budapeste|بودابست|
Cairo EG|El Cairo|Le Caire|Kairo||القاهرة|
Cape Town ZA|Ciudad del Cabo|Le Cap|Kapstadt|Cidade do Cabo|كيب تاون|
Casablanca MA||||Casablanca|الدار البيضاء|
Copenhagen DK|Copenhague|Copenhague|Kopenhagen|Copenhaga|كوبنهاغن|København
Córdoba ES||Cordoue||Córdova|قرطبة|
Damascus SY|Damasco|Damas|Damaskus|Damasco|دمشق|
Delhi IN|Delhi|||Deli|دلهي|
Dresden DE|Dresde|Dresde|||دريسدن|
Dublin IE|Dublín|||Dublim|دبلن|Baile Átha Cliath
Edinburgh GB|Edimburgo|Édimbourg||Edimburgo|إدنبرة|
Florence IT|Florencia||Florenz|Florença|فلورنسا|Firenze
Frankfurt am Main DE|Fráncfort del Meno|Francfort-sur-le-Main||Frankfurt|فرانكفورت|Frankfurt,Francfort
Freiburg DE||Fribourg-en-Brisgau|Freiburg im Breisgau||فرايبورغ|
Gdańsk PL||Dantzig|Danzig||غدانسك|
Genève CH|Ginebra||Genf|Genebra|جنيف|Geneva,Ginevra
Genoa IT|Génova|Gênes|Genua|Génova|جنوة|Genova
Gent BE|Gante|Gand||Gante|غنت|Ghent
Göteborg SE|Gotemburgo|||Gotemburgo|غوتنبرغ|Gothenburg
Granada ES||Grenade|||غرناطة|
Hamburg DE|Hamburgo|Hambourg||Hamburgo|هامبورغ|
Hannover DE||Hanovre|||هانوفر|Hanover
Havana CU|La Habana|La Havane|Havanna||هافانا|
Helsinki FI||||Helsínquia|هلسنكي|Helsingfors
Istanbul TR|Estambul|||Istambul|إسطنبول|İstanbul
Jakarta ID|Yakarta|||Jacarta|جاكرتا|
Jerusalem IL|Jerusalén|Jérusalem||Jerusalém|القدس|
Johannesburg ZA|Johannesburgo|||Joanesburgo|جوهانسبرغ|
Kathmandu NP|Katmandú|Katmandou||Catmandu|كاتماندو|
Köln DE|Colonia|Cologne||Colónia|كولونيا|Cologne
Kraków PL|Cracovia|Cracovie|Krakau|Cracóvia|كراكوف|Cracow
Kyiv UA|Kiev|Kiev|Kiew|Kiev|كييف|Київ,Kiev
Leipzig DE|||||لايبزيغ|
Lisbon PT|Lisboa|Lisbonne|Lissabon|Lisboa|لشبونة|
Ljubljana SI|Liubliana|||Liubliana|ليوبليانا|Laibach
London GB|Londres|Londres||Londres|لندن|
Luxembourg LU|Luxemburgo||Luxemburg|Luxemburgo|لوكسمبورغ|
Lyon FR||||Lião|ليون|Lyons
Madrid ES|||||مدريد|
Marrakesh MA|Marrakech|Marrakech|Marrakesch|Marraquexe|مراكش|
Marseille FR|Marsella|||Marselha|مرسيليا|Marseilles
Mexico City MX|Ciudad de México|Mexico|Mexiko-Stadt|Cidade do México|مكسيكو|
Milan IT|Milán||Mailand|Milão|ميلانو|Milano
Montréal CA|Montreal||Montreal|Montreal|مونتريال|Montreal
Moscow RU|Moscú|Moscou|Moskau|Moscovo|موسكو|Москва,Moskva
Mumbai IN|Bombay||||مومباي|Bombay
Munich DE|Múnich||München|Munique|ميونخ|
Nairobi KE|||||نيروبي|
Naples IT|Nápoles||Neapel|Nápoles|نابولي|Napoli
New York City US|Nueva York|New York|New York|Nova Iorque|نيويورك|New York
Nice FR|Niza||Nizza||نيس|
Nürnberg DE|Núremberg|Nuremberg||Nuremberga|نورنبرغ|Nuremberg
Odesa UA|Odesa|Odessa|Odessa|Odessa|أوديسا|Одеса
Oslo NO|||||أوسلو|
Palermo IT||Palerme|||باليرمو|
Paris FR|París||||باريس|
Porto PT|Oporto||||بورتو|
Prague CZ|Praga||Prag|Praga|براغ|Praha
Rabat MA|||||الرباط|
Regensburg DE|Ratisbona|Ratisbonne||Ratisbona|ريغنسبورغ|
Riga LV|||||ريغا|Rīga
Rio de Janeiro BR|Río de Janeiro||||ريو دي جانيرو|
Riyadh SA|Riad|Riyad|Riad|Riade|الرياض|
Rome IT|Roma||Rom|Roma|روما|
Saint Petersburg RU|San Petersburgo|Saint-Pétersbourg|Sankt Petersburg|São Petersburgo|سانت بطرسبرغ|Санкт-Петербург
Santiago CL|||||سانتياغو|Santiago de Chile
São Paulo BR||||| ساو باولو|Sao Paulo
Sarajevo BA|||||سراييفو|
Seoul KR|Seúl|Séoul||Seul|سيول|서울
Sevilla ES||Séville||Sevilha|إشبيلية|Seville
Shanghai CN|Shanghái||Schanghai|Xangai|شانغهاي|上海
Singapore SG|Singapur|Singapour|Singapur|Singapura|سنغافورة|
Sofia BG|Sofía||||صوفيا|София
Stockholm SE|Estocolmo|||Estocolmo|ستوكهولم|
Strasbourg FR|Estrasburgo||Straßburg|Estrasburgo|ستراسبورغ|
Stuttgart DE|||||شتوتغارت|
Tbilisi GE|Tiflis|Tbilissi|Tiflis|Tbilisi|تبليسي|
Tehran IR|Teherán|Téhéran|Teheran|Teerã|طهران|
Tel Aviv IL|||||تل أبيب|Tel Aviv-Yafo
The Hague NL|La Haya|La Haye|Den Haag|Haia|لاهاي|Den Haag,'s-Gravenhage
Thessaloníki GR|Salónica|Thessalonique|Thessaloniki|Salónica|سالونيك|Thessaloniki
Tokyo JP|Tokio||Tokio|Tóquio|طوكيو|東京
Toulouse FR|Tolosa||||تولوز|
Tripoli LY|Trípoli||Tripolis|Trípoli|طرابلس|
Tunis TN|Túnez|||Tunes|تونس|
Turin IT|Turín|||Turim|تورينو|Torino
València ES|Valencia|Valence|Valencia|Valência|بلنسية|Valencia
Valencia ES||Valence||Valência|بلنسية|
Vancouver CA|||||فانكوفر|
Venice IT|Venecia|Venise|Venedig|Veneza|البندقية|Venezia
Vienna AT|Viena|Vienne|Wien|Viena|فيينا|
Vilnius LT|Vilna||Wilna|Vílnius|فيلنيوس|
Warsaw PL|Varsovia|Varsovie|Warschau|Varsóvia|وارسو|Warszawa
Wrocław PL|Breslavia||Breslau|Breslávia|فروتسواف|
Zagreb HR|||||زغرب|Agram
Zaragoza ES||Saragosse|Saragossa|Saragoça|سرقسطة|
Zürich CH|Zúrich|Zurich||Zurique|زيورخ|`

const LANGUAGES = ['es', 'fr', 'de', 'pt', 'ar']

/** Names of a town besides its first: `{ name, language }`, the language empty where it is only found by it. By “name country”. */
export const otherNames = new Map(
  TABLE.trim()
    .split('\n')
    .map(row => {
      const [key, ...fields] = row.split('|').map(field => field.trim())
      const inLanguages = LANGUAGES.flatMap((language, n) => (fields[n] ? [{ name: fields[n], language }] : []))
      const others = (fields[LANGUAGES.length] ?? '').split(',').filter(Boolean)
      return [key, [...inLanguages, ...others.map(name => ({ name, language: '' }))]]
    }),
)
