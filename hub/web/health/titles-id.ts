/** What the hub calls in English, in Indonesian: blocks of ICD-10 in our own few words, and vaccines. */
const TITLES = `
A00-A09 Infeksi saluran cerna
A15-A19 Tuberkulosis
A20-A28 Infeksi bakteri dari hewan
A30-A49 Infeksi bakteri lain
A50-A64 Infeksi menular seksual
A65-A69 Infeksi spiroketa lain (frambusia, Lyme)
A70-A74 Infeksi klamidia lain (trakoma)
A75-A79 Riketsiosis (scrub typhus dan sejenisnya)
A80-A89 Infeksi virus sistem saraf
A92-A99 Demam karena virus, termasuk dengue
B00-B09 Infeksi virus dengan ruam (campak, cacar air)
B15-B19 Hepatitis virus
B20-B24 HIV
B25-B34 Infeksi virus lain
B35-B49 Infeksi jamur
B50-B64 Malaria dan protozoa lain
B65-B83 Kecacingan
B85-B89 Kutu, kudis, tungau
B90-B94 Sisa akibat infeksi
B95-B98 Kuman sebagai penyebab penyakit lain
B99-B99 Infeksi lain
C00-C14 Kanker mulut dan tenggorokan
C15-C26 Kanker organ pencernaan
C30-C39 Kanker paru dan saluran napas
C40-C41 Kanker tulang
C43-C44 Kanker kulit
C45-C49 Kanker jaringan lunak
C50-C50 Kanker payudara
C51-C58 Kanker organ reproduksi perempuan
C60-C63 Kanker organ reproduksi laki-laki
C64-C68 Kanker saluran kemih
C69-C72 Kanker mata dan otak
C73-C75 Kanker tiroid dan kelenjar
C76-C80 Kanker di tempat lain atau tidak diketahui
C81-C96 Kanker darah dan kelenjar getah bening
C97-C97 Beberapa kanker
D00-D09 Kanker in situ
D10-D36 Tumor jinak
D37-D48 Tumor yang sifatnya belum pasti
D50-D53 Anemia gizi
D55-D59 Anemia hemolitik
D60-D64 Anemia lain
D65-D69 Gangguan pembekuan darah
D70-D77 Penyakit darah lain
D80-D89 Gangguan kekebalan
E00-E07 Tiroid
E10-E14 Diabetes
E15-E16 Gangguan gula darah lain
E20-E35 Kelenjar lain
E40-E46 Gizi buruk dan kurang gizi
E50-E64 Kekurangan vitamin dan mineral
E65-E68 Obesitas
E70-E90 Gangguan metabolisme
F00-F09 Demensia dan gangguan mental organik
F10-F19 Alkohol dan zat
F20-F29 Skizofrenia dan psikosis
F30-F39 Depresi dan suasana hati
F40-F48 Kecemasan dan stres
F50-F59 Tidur, makan, dan sejenisnya
F60-F69 Kepribadian
F70-F79 Disabilitas intelektual
F80-F89 Gangguan perkembangan
F90-F98 Perilaku dan emosi anak
F99-F99 Gangguan mental lain
G00-G09 Radang sistem saraf
G10-G14 Atrofi sistem saraf
G20-G26 Parkinson dan gangguan gerak lain
G30-G32 Alzheimer dan degenerasi lain
G35-G37 Sklerosis multipel dan sejenisnya
G40-G47 Epilepsi, migrain, tidur
G50-G59 Saraf
G60-G64 Polineuropati
G70-G73 Saraf dan otot
G80-G83 Kelumpuhan
G90-G99 Gangguan sistem saraf lain
H00-H06 Kelopak mata dan saluran air mata
H10-H13 Konjungtiva
H15-H22 Kornea dan iris
H25-H28 Lensa, katarak
H30-H36 Retina
H40-H42 Glaukoma
H43-H45 Bola mata
H46-H48 Saraf penglihatan
H49-H52 Gerak mata dan refraksi
H53-H54 Kebutaan dan penglihatan rendah
H55-H59 Gangguan mata lain
H60-H62 Telinga luar
H65-H75 Telinga tengah
H80-H83 Telinga dalam
H90-H95 Gangguan pendengaran dan telinga lain
I00-I02 Demam reumatik akut
I05-I09 Penyakit jantung reumatik
I10-I15 Tekanan darah tinggi
I20-I25 Penyakit jantung iskemik
I26-I28 Penyakit jantung karena paru
I30-I52 Penyakit jantung lain
I60-I69 Strok
I70-I79 Arteri
I80-I89 Vena dan getah bening
I95-I99 Gangguan peredaran darah lain
J00-J06 Infeksi akut saluran napas atas
J09-J18 Influenza dan pneumonia
J20-J22 Infeksi akut saluran napas bawah
J30-J39 Penyakit lain saluran napas atas
J40-J47 Asma, PPOK
J60-J70 Paru rusak karena debu dan asap
J80-J84 Penyakit lain jaringan paru
J85-J86 Abses dan nanah di dada
J90-J94 Pleura
J95-J99 Penyakit lain saluran napas
K00-K14 Gigi dan mulut
K20-K31 Kerongkongan, lambung, usus dua belas jari
K35-K38 Usus buntu
K40-K46 Hernia
K50-K52 Radang usus tanpa infeksi
K55-K64 Penyakit usus lain
K65-K67 Peritoneum
K70-K77 Hati
K80-K87 Kandung empedu dan pankreas
K90-K93 Penyakit pencernaan lain
L00-L08 Infeksi kulit
L10-L14 Penyakit kulit melepuh
L20-L30 Dermatitis dan eksim
L40-L45 Psoriasis dan sejenisnya
L50-L54 Biduran dan kemerahan
L55-L59 Kulit rusak karena radiasi
L60-L75 Kuku, rambut, kelenjar keringat
L80-L99 Penyakit kulit lain
M00-M25 Sendi
M30-M36 Jaringan ikat
M40-M54 Punggung
M60-M79 Otot dan jaringan lunak
M80-M94 Tulang dan tulang rawan
M95-M99 Gangguan otot dan tulang lain
N00-N08 Glomerulus ginjal
N10-N16 Tubulus ginjal
N17-N19 Gagal ginjal
N20-N23 Batu saluran kemih
N25-N29 Gangguan ginjal lain
N30-N39 Kandung kemih dan saluran kemih
N40-N51 Organ reproduksi laki-laki
N60-N64 Payudara
N70-N77 Radang organ reproduksi perempuan
N80-N98 Gangguan lain organ reproduksi perempuan
N99-N99 Gangguan lain organ kemih dan kelamin
O00-O08 Kehamilan yang berakhir dini
O10-O16 Tekanan darah tinggi dalam kehamilan
O20-O29 Gangguan lain dalam kehamilan
O30-O48 Perawatan ibu terkait janin
O60-O75 Penyulit persalinan
O80-O84 Persalinan
O85-O92 Setelah persalinan
O94-O99 Keadaan lain seputar kehamilan
P00-P04 Bayi terganggu karena keadaan ibu
P05-P08 Bayi: lama kandungan dan pertumbuhan
P10-P15 Cedera lahir
P20-P29 Bayi: napas dan jantung
P35-P39 Bayi: infeksi
P50-P61 Bayi: darah
P70-P74 Bayi: metabolisme
P75-P78 Bayi: pencernaan
P80-P83 Bayi: kulit dan suhu
P90-P96 Bayi: keadaan lain
Q00-Q07 Kelainan bawaan sistem saraf
Q10-Q18 Kelainan bawaan mata, telinga, wajah
Q20-Q28 Kelainan bawaan jantung dan pembuluh darah
Q30-Q34 Kelainan bawaan saluran napas
Q35-Q37 Sumbing bibir dan langit-langit
Q38-Q45 Kelainan bawaan pencernaan
Q50-Q56 Kelainan bawaan organ kelamin
Q60-Q64 Kelainan bawaan saluran kemih
Q65-Q79 Kelainan bawaan otot dan tulang
Q80-Q89 Kelainan bawaan lain
Q90-Q99 Kromosom
R00-R09 Gejala peredaran darah dan napas
R10-R19 Gejala pencernaan
R20-R23 Gejala kulit
R25-R29 Gejala saraf dan otot
R30-R39 Gejala saluran kemih
R40-R46 Gejala pikiran dan perilaku
R47-R49 Bicara dan suara
R50-R69 Demam dan gejala umum lain
R70-R79 Temuan dalam darah
R80-R82 Temuan dalam air kemih
R83-R89 Temuan dalam cairan lain
R90-R94 Temuan pada pencitraan
R95-R99 Penyebab kematian tidak diketahui
S00-S09 Cedera kepala
S10-S19 Cedera leher
S20-S29 Cedera dada
S30-S39 Cedera perut, punggung, panggul
S40-S49 Cedera bahu dan lengan atas
S50-S59 Cedera lengan bawah
S60-S69 Cedera pergelangan dan tangan
S70-S79 Cedera pinggul dan paha
S80-S89 Cedera lutut dan tungkai bawah
S90-S99 Cedera pergelangan kaki dan kaki
T00-T07 Cedera di beberapa tempat
T08-T14 Cedera di tempat yang tidak disebut
T15-T19 Benda asing
T20-T32 Luka bakar
T33-T35 Luka karena dingin
T36-T50 Keracunan obat
T51-T65 Keracunan zat lain, termasuk gigitan ular
T66-T78 Gangguan lain dari luar
T79-T79 Penyulit dini cedera
T80-T88 Penyulit perawatan
T90-T98 Sisa akibat cedera dan keracunan
U00-U49 Penyakit baru, termasuk COVID-19
U82-U85 Kebal terhadap obat
V01-X59 Kecelakaan
X60-X84 Menyakiti diri sendiri
X85-Y09 Penganiayaan
Y10-Y34 Kejadian dengan maksud tidak diketahui
Y35-Y36 Perang
Y40-Y84 Gangguan karena perawatan medis
Y85-Y89 Sisa akibat penyebab dari luar
Y90-Y98 Keadaan
Z00-Z13 Pemeriksaan
Z20-Z29 Kontak dengan infeksi, vaksinasi
Z30-Z39 Keluarga berencana, pemeriksaan kehamilan, kelahiran
Z40-Z54 Perawatan dan tindak lanjut
Z55-Z65 Keadaan sosial
Z70-Z76 Kunjungan lain
Z80-Z99 Riwayat keluarga dan pribadi
atc:J07AG01 Hib
atc:J07AL02 Pneumokokus
atc:J07AM51 Tetanus dan difteri
atc:J07AN01 BCG
atc:J07AP03 Tifoid
atc:J07BA02 Ensefalitis Jepang
atc:J07BB02 Influenza
atc:J07BC01 Hepatitis B
atc:J07BD53 Campak dan rubela
atc:J07BF03 Polio suntik
atc:J07BF04 Polio tetes
atc:J07BG01 Rabies
atc:J07BH01 Rotavirus
atc:J07BM01 HPV
atc:J07BN COVID-19
atc:J07CA11 DPT-HB-Hib
cvx:02 Polio tetes
cvx:03 Campak, gondongan, rubela
cvx:04 Campak dan rubela
cvx:08 Hepatitis B
cvx:10 Polio suntik
cvx:19 BCG
cvx:20 DTaP
cvx:45 Hepatitis B
other Tanpa kode yang dihitung di sini`

/** By code. A test holds them to those of hub/statistics/labels.ts. */
export const TITLES_ID: ReadonlyMap<string, string> = new Map(
  TITLES.trim()
    .split('\n')
    .map((line): [string, string] => {
      const end = line.indexOf(' ')
      return [line.slice(0, end), line.slice(end + 1)]
    }),
)
